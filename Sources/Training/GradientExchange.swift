import Autograd
import Kernels
import Models
import Normalization

/// Adds up the gradients and the loss of all workers, exactly, in one message a step.
///
/// Each worker's gradient is added as integers (`FixedPointGradient`), so that the sum does not depend on which rank
/// hosts the worker. Gradients of a synchronised norm arrive already summed and are left out of the message.
public final class GradientExchange: GradientReceiver {
    private struct Slot {
        let name: String
        let tensor: Tensor
        /// Where the parameter's sums begin in the message; nil when it arrives already summed.
        let offset: Int?
        /// Where its gradient begins in `gradients`.
        let gradientOffset: Int
    }

    private let slots: [Slot]
    private let slotOfTensor: [ObjectIdentifier: Int]
    private let limit: Float
    /// The sums of all exchanged parameters, a count of lost contributions for each slot, and the loss.
    private let message: UnsafeMutableBufferPointer<Int64>
    private let lostOffset: Int
    private let lossOffset: Int
    private let gradients: UnsafeMutableBufferPointer<Float>
    private let reducer: any StatisticsReducer

    /// - Parameters:
    ///   - parameters: all that the optimiser changes.
    ///   - globallySummed: names of those whose gradients arrive already summed over all workers.
    ///   - workers: of the whole run.
    public init(
        parameters: [Parameter], globallySummed: Set<String>, workers: Int, reducer: any StatisticsReducer
    ) {
        var slots: [Slot] = []
        var offset = 0
        var gradientOffset = 0
        for parameter in parameters {
            let isExchanged = !globallySummed.contains(parameter.name)
            slots.append(
                Slot(
                    name: parameter.name, tensor: parameter.tensor, offset: isExchanged ? offset : nil,
                    gradientOffset: gradientOffset))
            gradientOffset += parameter.tensor.count
            if isExchanged { offset += parameter.tensor.count }
        }
        self.slots = slots
        slotOfTensor = Dictionary(
            uniqueKeysWithValues: slots.enumerated().map { (ObjectIdentifier($1.tensor), $0) })
        limit = FixedPointGradient.limit(workers: workers)
        lostOffset = offset
        lossOffset = offset + slots.count
        message = .allocate(capacity: lossOffset + FixedPointSum.digitCount + 1)
        gradients = .allocate(capacity: gradientOffset)
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
        for (index, slot) in slots.enumerated() where slot.offset == nil {
            gradient(index).update(repeating: 0, count: slot.tensor.count)
        }
    }

    /// Whether this tensor is one of the parameters.
    public func receives(_ tensor: Tensor) -> Bool { slotOfTensor[ObjectIdentifier(tensor)] != nil }

    /// Adds one worker's share.
    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = slotOfTensor[ObjectIdentifier(parameter)] else { return }
        guard let offset = slots[index].offset, let sums = message.baseAddress else {
            preconditionFailure("\(slots[index].name) was announced as already summed over the workers")
        }
        let fits = FixedPointGradient.add(
            gradient, count: parameter.count, limit: limit, to: sums + offset)
        if !fits { message[lostOffset + index] += 1 }
    }

    /// Takes a gradient that is the same on every rank.
    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = slotOfTensor[ObjectIdentifier(parameter)] else { return }
        precondition(slots[index].offset == nil, "\(slots[index].name) was announced as summed here")
        let values = UnsafeBufferPointer(start: gradient, count: parameter.count)
        self.gradient(index).update(from: gradient, count: values.count)
        if !values.allSatisfy(\.isFinite) { message[lostOffset + index] += 1 }
    }

    /// Adds one worker's summed loss.
    public func add(workerLoss: Double) {
        guard let digits = message.baseAddress else { return }
        if !FixedPointSum.add(workerLoss, to: digits + lossOffset) {
            message[lossOffset + FixedPointSum.digitCount] += 1
        }
    }

    /// What came out of a step, the same on every rank.
    public struct Outcome {
        /// The sum of all workers' losses; not a number when one of them was lost.
        public let lossSum: Double
        /// The first parameter whose gradient was not finite or too large to be summed.
        public let lostParameter: String?
    }

    /// Sums over all ranks; afterwards `gradient(_:)` holds every parameter's gradient.
    public func exchange() throws -> Outcome {
        try reducer.sum(message)
        guard let sums = message.baseAddress else { return Outcome(lossSum: .nan, lostParameter: nil) }
        for (index, slot) in slots.enumerated() {
            guard let offset = slot.offset else { continue }
            FixedPointGradient.gradient(of: sums + offset, count: slot.tensor.count, into: gradient(index))
        }
        let isLost = message[lossOffset + FixedPointSum.digitCount] > 0
        let lostSlot = slots.indices.first { message[lostOffset + $0] > 0 }
        return Outcome(
            lossSum: isLost ? .nan : FixedPointSum.value(of: sums + lossOffset),
            lostParameter: lostSlot.map { slots[$0].name })
    }

    /// The gradient of the parameter at `index`, in the order of `parameters`.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        guard let start = gradients.baseAddress else { preconditionFailure("a network without parameters") }
        return start + slots[index].gradientOffset
    }
}
