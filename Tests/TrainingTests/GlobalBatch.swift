import Autograd
import Datasets
import OneDNN
import Workers

@testable import Tasks
@testable import Training

/// Forward and backward passes over digits that are dealt to workers in given numbers; nothing is updated.
struct GlobalBatch {
    let network: any Layer
    /// Of the last pass.
    private(set) var loss = 0.0
    /// Of the last pass.
    private(set) var gradients: [[Float]] = []
    /// That this rank sent in the last pass.
    private(set) var messages = 0
    /// That this rank sent in the last pass.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - counts: images of each worker of the run, hosted here or elsewhere; the images themselves are the same whatever
    ///     the counts.
    ///   - passes: over the same images; from the second one on every gradient has a unit.
    init(
        _ counts: [Int], _ normalization: NormChoice, _ convolution: ConvolutionChoice = .fastest,
        on transport: RankTransport, passes: Int = 1
    ) throws {
        let hosting = Hosting(
            workers: counts.count, ranks: transport.communicator.size, rank: transport.communicator.rank)
        let sums = ExactSums(transport)
        network = try convolutionalNetwork(
            normalization, seed: 11, convolution: convolution, hosting: hosting, sums: sums)
        let exchange = GradientExchange(network.parameters, sums: sums)
        let hosted = hosting.hosted
        var first = counts[..<hosted.lowerBound].reduce(0, +)
        let indices = counts[hosted].map { count in
            defer { first += count }
            return Array(first..<first + count)
        }
        let batch = LabelledBatch(
            of: Digits.all, indices: indices, firstWorker: hosted.lowerBound, globalImages: counts.reduce(0, +))
        for _ in 0..<passes {
            let (messagesBefore, bytesBefore) = (transport.messages, transport.bytes)
            let tape = Tape(layout: batch.layout)
            exchange.begin()
            let scores = try network(batch.images, ForwardContext(tape))
            let crossEntropy = try tape.crossEntropy(scores, labels: batch.labels)
            for loss in crossEntropy.workerLossSums { exchange.add(workerLoss: loss) }
            try tape.backward(from: crossEntropy.loss, into: exchange)
            loss = try exchange.exchange().lossSum / Double(batch.layout.globalImages)
            (messages, bytes) = (transport.messages - messagesBefore, transport.bytes - bytesBefore)
        }
        gradients = network.parameters.enumerated().map { index, parameter in
            Array(UnsafeBufferPointer(start: exchange.gradient(index), count: parameter.tensor.count))
        }
    }
}
