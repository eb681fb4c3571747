import Autograd
import Workers

/// Takes the gradients of a network out of its backward pass, and adds up those of all workers.
///
/// Parameters whose gradients arrive already summed are left out of the sum.
public final class GradientExchange: GradientReceiver {
    private let parameters: [Parameter]
    private let indexOfTensor: [ObjectIdentifier: Int]
    /// The index among the exchanged parameters, and back.
    private let exchangedIndex: [Int?]
    private let exchanged: [Int]
    private let sum: any GradientSum
    private let gradients: [Tensor]
    /// Sees the time in which gradients are put into the sum.
    private let probe: (any Probe)?

    /// What the messages of an exchange are for.
    static let purpose = "the gradients"

    /// - Parameters:
    ///   - parameters: all that the optimiser changes.
    ///   - sums: adds up over the workers.
    public init(_ parameters: [Parameter], sums: any Sums, probe: (any Probe)? = nil) {
        self.parameters = parameters
        self.probe = probe
        indexOfTensor = Dictionary(
            uniqueKeysWithValues: parameters.enumerated().map { (ObjectIdentifier($1.tensor), $0) })
        exchanged = parameters.indices.filter { !parameters[$0].arrivesSummed }
        var indices: [Int?] = parameters.map { _ in nil }
        for (place, index) in exchanged.enumerated() { indices[index] = place }
        exchangedIndex = indices
        sum = sums.gradientSum(sizes: exchanged.map { parameters[$0].tensor.count }, for: Self.purpose)
        gradients = parameters.map { Tensor(shape: $0.tensor.shape) }
    }

    /// Forgets the last step.
    public func begin() {
        sum.begin()
        // `reduce` overwrites all others.
        for (index, parameter) in parameters.enumerated() where parameter.arrivesSummed {
            gradients[index].values.update(repeating: 0)
        }
    }

    /// Whether this tensor is one of the parameters.
    public func receives(_ tensor: Tensor) -> Bool { indexOfTensor[ObjectIdentifier(tensor)] != nil }

    /// Adds one worker's share.
    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = indexOfTensor[ObjectIdentifier(parameter)] else { return }
        guard let place = exchangedIndex[index] else {
            preconditionFailure("\(parameters[index].name) was announced as already summed over the workers")
        }
        observe(probe, Self.purpose, .other) { sum.add(gradient, toParameter: place) }
    }

    /// Takes a gradient that is the same on every rank.
    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        guard let index = indexOfTensor[ObjectIdentifier(parameter)] else { return }
        precondition(
            parameters[index].arrivesSummed, "\(parameters[index].name) was not announced as summed over the workers")
        gradients[index].pointer.update(from: gradient, count: parameter.count)
    }

    /// Adds one worker's summed loss.
    public func add(workerLoss: Double) { sum.add(loss: workerLoss) }

    /// Tells the other ranks that this one was asked to stop after this step.
    public func requestStop() { sum.requestStop() }

    /// Sums over all ranks; afterwards `gradient(_:)` holds every parameter's gradient.
    public func exchange() throws -> Outcome {
        let sums = try sum.reduce { gradients[exchanged[$0]].pointer }
        var lost = sums.lostParameter.map { exchanged[$0] }
        // What arrived summed is the same on every rank, and so is whether it is finite.
        for (index, parameter) in parameters.enumerated() where parameter.arrivesSummed {
            if index < lost ?? .max, !gradients[index].values.allSatisfy(\.isFinite) { lost = index }
        }
        return Outcome(lossSum: sums.loss, lostParameter: lost.map { parameters[$0].name }, wantsStop: sums.wantsStop)
    }

    /// What came out of a step, the same on every rank.
    public struct Outcome {
        /// The sum of all workers' losses; not a number when one of them was lost.
        public let lossSum: Double
        /// The first parameter whose gradient was not finite or too large to be summed.
        public let lostParameter: String?
        /// Whether any rank was asked to stop.
        public let wantsStop: Bool
    }

    /// The gradient of the parameter at `index`, in the order of the parameters, after an exchange.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float> { gradients[index].pointer }

    /// What the sums of the next step depend on.
    var memory: [Int64] {
        get { sum.memory }
        set { sum.memory = newValue }
    }
}
