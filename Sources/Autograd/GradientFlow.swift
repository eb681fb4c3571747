import Workers

/// Takes the gradients of parameters out of a backward pass, worker by worker.
///
/// Each worker's share is handed over apart, so that a receiver can add the workers in a way that does not depend on
/// which rank hosts them.
public protocol GradientReceiver: AnyObject {
    /// Whether this tensor is one of the receiver's parameters.
    func receives(_ tensor: Tensor) -> Bool

    /// Takes one worker's share of the gradient; shares of all workers of the run add up to the gradient.
    ///
    /// - Parameters:
    ///   - gradient: values in the order of `parameter`; only valid during the call.
    ///   - parameter: one that the receiver receives.
    func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) throws

    /// Takes a gradient that is already the sum over all workers of the run, the same on every rank.
    ///
    /// - Parameters:
    ///   - gradient: values in the order of `parameter`; only valid during the call.
    ///   - parameter: one that the receiver receives.
    func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) throws
}

/// Gradients on their way back through a tape.
public final class GradientFlow {
    /// The tape that records this backward pass; nil when it is not to be differentiated again.
    public let tape: Tape?
    private let receiver: (any GradientReceiver)?
    private var pending: [ObjectIdentifier: Arrived] = [:]
    private var kept: [ObjectIdentifier: Tensor] = [:]
    private let targets: Set<ObjectIdentifier>

    private struct Arrived {
        let gradient: Tensor
        /// Whether nobody else holds its memory.
        let isHandedOver: Bool
    }

    /// Whether the operation that is going back may write over what arrived at its output: nobody else will read it.
    public private(set) var mayOverwriteUpstream = false

    init(receiver: any GradientReceiver) {
        tape = nil
        self.receiver = receiver
        targets = []
    }

    init(tape: Tape?, keeping targets: [Tensor]) {
        self.tape = tape
        receiver = nil
        self.targets = Set(targets.map(ObjectIdentifier.init))
    }

    /// Refuses to go on when this backward pass is recorded.
    ///
    /// - Throws: `AutogradError.notTwiceDifferentiable` naming `operation`.
    public func requireFirstOrder(_ operation: String) throws {
        if tape != nil { throw AutogradError.notTwiceDifferentiable(operation: operation) }
    }

    /// Adds `gradient` to that of `tensor`; nothing happens when no gradient flows there.
    ///
    /// A receiver's parameter takes its gradient as shares of the workers instead, because a sum over those hosted here
    /// would depend on which they are.
    public func add(_ gradient: Tensor, to tensor: Tensor) {
        add(gradient, to: tensor, isHandedOver: false)
    }

    /// Adds a gradient that the caller made, shares with nobody and won't look at again: the operation that it arrives at
    /// may overwrite it.
    public func handOver(_ gradient: Tensor, to tensor: Tensor) {
        add(gradient, to: tensor, isHandedOver: true)
    }

    private func add(_ gradient: Tensor, to tensor: Tensor, isHandedOver: Bool) {
        guard tensor.needsGradient || targets.contains(ObjectIdentifier(tensor)) else { return }
        precondition(
            receiver?.receives(tensor) != true,
            "a parameter of shape \(tensor.shape) got a gradient that is not divided by workers")
        precondition(
            gradient.shape == tensor.shape,
            "a gradient of shape \(gradient.shape) for a tensor of shape \(tensor.shape)")
        let key = ObjectIdentifier(tensor)
        guard let present = pending[key] else {
            pending[key] = Arrived(gradient: gradient, isHandedOver: isHandedOver)
            return
        }
        pending[key] = Arrived(gradient: arithmetic.add(present.gradient, gradient), isHandedOver: true)
    }

    /// Whether a receiver takes the gradient of a tensor, as one of its parameters.
    public func isReceived(_ tensor: Tensor) -> Bool { receiver?.receives(tensor) == true }

    /// Adds one worker's share to the gradient of a parameter.
    ///
    /// - Parameters:
    ///   - share: values in the order of `parameter`.
    ///   - parameter: a receiver's parameter, or a tensor whose gradient was asked for.
    public func add(workerShare share: Tensor, to parameter: Tensor) throws {
        if let receiver, receiver.receives(parameter) {
            try receiver.receive(workerGradient: share.pointer, for: parameter)
        } else {
            add(share, to: parameter)
        }
    }

    /// Adds a gradient that already is the sum over all workers of the run.
    public func add(globalGradient gradient: Tensor, to parameter: Tensor) throws {
        if let receiver, receiver.receives(parameter) {
            try receiver.receive(globalGradient: gradient.pointer, for: parameter)
        } else {
            add(gradient, to: parameter)
        }
    }

    /// The gradient that arrived at a target so far.
    func gradient(of target: Tensor) -> Tensor? {
        kept[ObjectIdentifier(target)] ?? pending[ObjectIdentifier(target)]?.gradient
    }

    /// Takes out what arrived at the output of an operation.
    func take(_ output: Tensor) -> Tensor? {
        let key = ObjectIdentifier(output)
        let arrived = pending.removeValue(forKey: key)
        if targets.contains(key) { kept[key] = arrived?.gradient }
        mayOverwriteUpstream = tape == nil && !targets.contains(key) && arrived?.isHandedOver == true
        return arrived?.gradient
    }
}

extension GradientFlow {
    /// Where the operations of a backward pass are carried out: on the recording tape, or on one that forgets them.
    func arithmetic(_ layout: BatchLayout) -> Tape { tape ?? Tape(layout: layout, isRecording: false) }

    /// The same for operations that do not care whose images they see.
    var arithmetic: Tape { arithmetic(BatchLayout(images: 0)) }
}
