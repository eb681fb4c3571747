import Autograd
import Models
import Normalization

/// Adds up the gradients and the loss of all workers, once a step.
public protocol GradientExchange: GradientReceiver {
    /// Forgets the last step.
    func begin()

    /// Adds one worker's summed loss.
    func add(workerLoss: Double)

    /// Tells the other ranks that this one was asked to stop after this step.
    func requestStop()

    /// Sums over all ranks; afterwards `gradient(_:)` holds every parameter's gradient.
    func exchange() throws -> ExchangeOutcome

    /// The gradient of the parameter at `index`, in the order of the parameters.
    func gradient(_ index: Int) -> UnsafeMutablePointer<Float>
}

/// What the messages of an exchange are for.
let gradientPurpose = "the gradients"

/// What came out of a step, the same on every rank.
public struct ExchangeOutcome {
    /// The sum of all workers' losses; not a number when one of them was lost.
    public let lossSum: Double
    /// The first parameter whose gradient was not finite or too large to be summed.
    public let lostParameter: String?
    /// Whether any rank was asked to stop.
    public let wantsStop: Bool
}

/// Where each parameter's gradient lies in an exchange.
struct ParameterSlots {
    struct Slot {
        let name: String
        let tensor: Tensor
        /// Where the parameter's sums begin in the message; nil when it arrives already summed.
        let offset: Int?
        /// Where its gradient begins among all gradients.
        let gradientOffset: Int
    }

    let slots: [Slot]
    /// Values that are exchanged.
    let exchangedCount: Int
    /// Values of all parameters.
    let gradientCount: Int
    private let slotOfTensor: [ObjectIdentifier: Int]

    /// - Parameter globallySummed: names of parameters whose gradients arrive already summed over all workers.
    init(_ parameters: [Parameter], globallySummed: Set<String>) {
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
        exchangedCount = offset
        gradientCount = gradientOffset
        slotOfTensor = Dictionary(
            uniqueKeysWithValues: slots.enumerated().map { (ObjectIdentifier($1.tensor), $0) })
    }

    func index(of tensor: Tensor) -> Int? { slotOfTensor[ObjectIdentifier(tensor)] }

    /// The slot and message offset of a parameter that is exchanged.
    func exchanged(_ tensor: Tensor) -> (index: Int, offset: Int)? {
        guard let index = index(of: tensor) else { return nil }
        guard let offset = slots[index].offset else {
            preconditionFailure("\(slots[index].name) was announced as already summed over the workers")
        }
        return (index, offset)
    }

    /// The slot of a parameter that arrives summed.
    func summed(_ tensor: Tensor) -> Int? {
        guard let index = index(of: tensor) else { return nil }
        precondition(slots[index].offset == nil, "\(slots[index].name) was announced as summed here")
        return index
    }
}
