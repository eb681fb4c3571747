import Autograd
import Kernels
import Models
import Normalization

/// Adds up the gradients of all workers in Float and the loss in Double, with MPI's own sums: half the bytes of the exact
/// exchange, but the last bits depend on the number of ranks.
public final class FloatingPointGradientExchange: GradientExchange {
    private let slots: ParameterSlots
    /// The sums of all exchanged parameters.
    private let message: UnsafeMutableBufferPointer<Float>
    /// The loss, and a count of ranks that want to stop.
    private let loss: UnsafeMutableBufferPointer<Double>
    private let gradients: UnsafeMutableBufferPointer<Float>
    private let reducer: any FloatingPointReducer

    /// - Parameters:
    ///   - parameters: all that the optimiser changes.
    ///   - globallySummed: names of those whose gradients arrive already summed over all workers.
    public init(parameters: [Parameter], globallySummed: Set<String>, reducer: any FloatingPointReducer) {
        slots = ParameterSlots(parameters, globallySummed: globallySummed)
        message = .allocate(capacity: slots.exchangedCount)
        loss = .allocate(capacity: 2)
        gradients = .allocate(capacity: slots.gradientCount)
        message.initialize(repeating: 0)
        loss.initialize(repeating: 0)
        gradients.initialize(repeating: 0)
        self.reducer = reducer
    }

    deinit {
        message.deallocate()
        loss.deallocate()
        gradients.deallocate()
    }

    /// Forgets the last step.
    public func begin() {
        message.update(repeating: 0)
        loss.update(repeating: 0)
        // `exchange` overwrites all others.
        for (index, slot) in slots.slots.enumerated() where slot.offset == nil {
            gradient(index).update(repeating: 0, count: slot.tensor.count)
        }
    }

    /// Whether this tensor is one of the parameters.
    public func receives(_ tensor: Tensor) -> Bool { slots.index(of: tensor) != nil }

    /// Adds one worker's share.
    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let (_, offset) = slots.exchanged(parameter), let sums = message.baseAddress else { return }
        for index in 0..<parameter.count { sums[offset + index] += gradient[index] }
    }

    /// Takes a gradient that is the same on every rank.
    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = slots.summed(parameter) else { return }
        self.gradient(index).update(from: gradient, count: parameter.count)
    }

    /// Adds one worker's summed loss.
    public func add(workerLoss: Double) {
        loss[0] += workerLoss
    }

    /// Tells the other ranks that this one was asked to stop.
    public func requestStop() {
        loss[1] = 1
    }

    /// Sums over all ranks; afterwards `gradient(_:)` holds every parameter's gradient.
    public func exchange() throws -> ExchangeOutcome {
        try reducer.sum(message, for: gradientPurpose)
        try reducer.sum(loss, for: gradientPurpose)
        guard let sums = message.baseAddress else { preconditionFailure("a message without content") }
        var lostParameter: String?
        for (index, slot) in slots.slots.enumerated() {
            if let offset = slot.offset { gradient(index).update(from: sums + offset, count: slot.tensor.count) }
            let values = UnsafeBufferPointer(start: gradient(index), count: slot.tensor.count)
            if lostParameter == nil, !values.allSatisfy(\.isFinite) { lostParameter = slot.name }
        }
        return ExchangeOutcome(lossSum: loss[0], lostParameter: lostParameter, wantsStop: loss[1] > 0)
    }

    /// The gradient of the parameter at `index`, in the order of the parameters.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        guard let start = gradients.baseAddress else { preconditionFailure("a network without parameters") }
        return start + slots.slots[index].gradientOffset
    }
}
