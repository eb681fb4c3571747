import Autograd
import Datasets
import Models
import Normalization
import OneDNN

@testable import Training

/// One forward and backward pass over digits that are dealt to workers in given numbers.
struct GlobalBatch {
    let loss: Double
    let gradients: [[Float]]
    let network: ConvolutionalNetwork

    /// - Parameter counts: images of each worker of the run, hosted here or elsewhere; the images themselves are the same
    ///   whatever the counts.
    init(
        _ counts: [Int], _ normalization: NormalizationChoice, _ convolution: ConvolutionChoice = .fastest,
        on sums: TimedCommunicator
    ) throws {
        let hosting = Hosting(
            workers: counts.count, ranks: sums.communicator.size, rank: sums.communicator.rank)
        let hosted = hosting.hosted
        let first = counts[..<hosted.lowerBound].reduce(0, +)
        let indices = first..<first + counts[hosted].reduce(0, +)
        let network = ConvolutionalNetwork(
            inputChannels: 1, classes: 10, normalization: normalization, seed: 11, convolution: convolution,
            hosting: hosting, reducer: sums)
        let parameters = network.parameters
        let exchange = ExactGradientExchange(
            parameters: parameters, globallySummed: network.globallySummedParameters, workers: counts.count,
            reducer: sums)
        let tape = Tape(
            layout: BatchLayout(
                imageCounts: Array(counts[hosted]), firstWorker: hosted.lowerBound, globalImages: counts.reduce(0, +)))
        exchange.begin()
        let images = Digits.all.tensor(of: Digits.all.train, indices)
        let logits = try network.logits(images, mode: .training, on: tape)
        let crossEntropy = try tape.crossEntropy(logits, labels: indices.map { Int(Digits.all.train.labels[$0]) })
        for loss in crossEntropy.workerLossSums { exchange.add(workerLoss: loss) }
        try tape.backward(from: crossEntropy.loss, into: exchange)
        loss = try exchange.exchange().lossSum / Double(counts.reduce(0, +))
        gradients = parameters.indices.map { index in
            Array(UnsafeBufferPointer(start: exchange.gradient(index), count: parameters[index].tensor.count))
        }
        self.network = network
    }
}
