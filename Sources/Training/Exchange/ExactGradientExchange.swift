import Autograd
import Kernels
import Models
import Normalization

/// Adds up the gradients and the loss of all workers, exactly, in one message a step.
///
/// Each worker's gradient is added as integers (`FixedPointGradient`), so that the sum does not depend on which rank
/// hosts the worker. Gradients of a synchronised norm arrive already summed and are left out of the message.
public final class ExactGradientExchange: GradientExchange {
    private let slots: ParameterSlots
    private let limit: Float
    /// The sums of all exchanged parameters, a count of lost contributions for each slot, the loss, and counts of lost
    /// losses and of ranks that want to stop.
    private let message: UnsafeMutableBufferPointer<Int64>
    private let lostOffset: Int
    private let lossOffset: Int
    private let lostLossOffset: Int
    private let stopOffset: Int
    private let gradients: UnsafeMutableBufferPointer<Float>
    private let reducer: any StatisticsReducer

    /// - Parameters:
    ///   - parameters: all that the optimiser changes.
    ///   - globallySummed: names of those whose gradients arrive already summed over all workers.
    ///   - workers: of the whole run.
    public init(
        parameters: [Parameter], globallySummed: Set<String>, workers: Int, reducer: any StatisticsReducer
    ) {
        slots = ParameterSlots(parameters, globallySummed: globallySummed)
        limit = FixedPointGradient.limit(workers: workers)
        lostOffset = slots.exchangedCount
        lossOffset = lostOffset + slots.slots.count
        lostLossOffset = lossOffset + FixedPointSum.digitCount
        stopOffset = lostLossOffset + 1
        message = .allocate(capacity: stopOffset + 1)
        gradients = .allocate(capacity: slots.gradientCount)
        message.initialize(repeating: 0)
        gradients.initialize(repeating: 0)
        self.reducer = reducer
    }

    deinit {
        message.deallocate()
        gradients.deallocate()
    }

    /// Forgets the last step.
    public func begin() {
        message.update(repeating: 0)
        // `exchange` overwrites all others.
        for (index, slot) in slots.slots.enumerated() where slot.offset == nil {
            gradient(index).update(repeating: 0, count: slot.tensor.count)
        }
    }

    /// Whether this tensor is one of the parameters.
    public func receives(_ tensor: Tensor) -> Bool { slots.index(of: tensor) != nil }

    /// Adds one worker's share.
    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let (index, offset) = slots.exchanged(parameter), let sums = message.baseAddress else { return }
        let fits = FixedPointGradient.add(gradient, count: parameter.count, limit: limit, to: sums + offset)
        if !fits { message[lostOffset + index] += 1 }
    }

    /// Takes a gradient that is the same on every rank.
    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = slots.summed(parameter) else { return }
        let values = UnsafeBufferPointer(start: gradient, count: parameter.count)
        self.gradient(index).update(from: gradient, count: values.count)
        if !values.allSatisfy(\.isFinite) { message[lostOffset + index] += 1 }
    }

    /// Adds one worker's summed loss.
    public func add(workerLoss: Double) {
        guard let digits = message.baseAddress else { return }
        if !FixedPointSum.add(workerLoss, to: digits + lossOffset) { message[lostLossOffset] += 1 }
    }

    /// Tells the other ranks that this one was asked to stop.
    public func requestStop() {
        message[stopOffset] = 1
    }

    /// Sums over all ranks; afterwards `gradient(_:)` holds every parameter's gradient.
    public func exchange() throws -> ExchangeOutcome {
        try reducer.sum(message, for: gradientPurpose)
        guard let sums = message.baseAddress else { preconditionFailure("a message without content") }
        for (index, slot) in slots.slots.enumerated() {
            guard let offset = slot.offset else { continue }
            FixedPointGradient.gradient(of: sums + offset, count: slot.tensor.count, into: gradient(index))
        }
        let lostSlot = slots.slots.indices.first { message[lostOffset + $0] > 0 }
        return ExchangeOutcome(
            lossSum: message[lostLossOffset] > 0 ? .nan : FixedPointSum.value(of: sums + lossOffset),
            lostParameter: lostSlot.map { slots.slots[$0].name }, wantsStop: message[stopOffset] > 0)
    }

    /// The gradient of the parameter at `index`, in the order of `parameters`.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        guard let start = gradients.baseAddress else { preconditionFailure("a network without parameters") }
        return start + slots.slots[index].gradientOffset
    }
}
