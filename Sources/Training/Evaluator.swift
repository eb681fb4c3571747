import Autograd
import Datasets
import Kernels
import MPI
import Models
import Normalization

/// Tests a network on images that it was not trained on.
///
/// The test images are cut into batches of one size, which are spread over the ranks; the result does not depend on how.
public struct Evaluator {
    /// The outcome, the same on every rank.
    public struct Result: Equatable, Sendable {
        /// Images whose highest score is not that of their label.
        public let errors: Int
        /// Test images.
        public let images: Int
        /// The mean loss.
        public let loss: Double

        /// Wrongly classified images in percent.
        public var errorPercent: Double { 100 * Double(errors) / Double(images) }
    }

    private let dataset: Dataset
    private let batch: Int
    private let preciseImages: Int
    private let communicator: TimedCommunicator

    /// - Parameters:
    ///   - batch: images of one batch, at least one.
    ///   - preciseImages: training images that `precise` statistics are computed over; all when there are fewer.
    public init(dataset: Dataset, batch: Int, preciseImages: Int = 1000, communicator: TimedCommunicator) {
        precondition(batch >= 1, "batches of \(batch) test images")
        self.dataset = dataset
        self.batch = batch
        self.preciseImages = min(preciseImages, dataset.train.count)
        self.communicator = communicator
    }

    /// Classifies all test images.
    ///
    /// - Parameters:
    ///   - workers: of the run that trained the network.
    public func evaluate(
        _ network: any Network, statistics: EvaluationStatistics, workers: Int
    ) throws -> Result {
        try prepare(network, statistics: statistics, workers: workers)
        let mode: NormalizationMode = statistics == .batch ? .batchStatistics : .evaluation
        var sums = Sums()
        for images in communicator.hostedBatches(of: dataset.test.count, size: batch) {
            try sums.add(classify(Array(images), network, mode))
        }
        return try sums.reduced(over: communicator, images: dataset.test.count)
    }

    /// Gives every batch norm of a network the statistics that it evaluates with.
    ///
    /// - Parameters:
    ///   - workers: of the run that trained the network.
    public func prepare(_ network: any Network, statistics: EvaluationStatistics, workers: Int) throws {
        for layer in network.batchNormalizations {
            let (means, variances) = try layer.running.gathered(over: communicator.communicator, workers: workers)
            layer.chooseStatistics(statistics, means: means, variances: variances)
        }
        if statistics == .precise {
            try PreciseStatistics(dataset: dataset, images: preciseImages, batch: batch, communicator: communicator)
                .recompute(for: network)
        }
    }

    private func classify(
        _ indices: [Int], _ network: any Network, _ mode: NormalizationMode
    ) throws -> (errors: Int, loss: Double) {
        let tape = Tape(layout: BatchLayout(images: indices.count), isRecording: false)
        let logits = try network.logits(dataset.tensor(of: dataset.test, indices), mode: mode, on: tape, inspect: nil)
        let labels = indices.map { Int(dataset.test.labels[$0]) }
        let loss = try tape.crossEntropy(logits, labels: labels).workerLossSums.reduce(0, +)
        let errors = labels.indices.count { image in
            let scores = UnsafeBufferPointer(start: logits.row(image), count: logits.shape[1])
            return !isHighest(labels[image], of: scores)
        }
        return (errors, loss)
    }

    /// Of equal scores the first counts as the highest; a score that is no number is lower than none.
    private func isHighest(_ label: Int, of scores: UnsafeBufferPointer<Float>) -> Bool {
        scores[..<label].allSatisfy { $0 < scores[label] } && scores[label...].allSatisfy { $0 <= scores[label] }
    }

    /// Errors, losses that are no number, and the digits of the summed loss.
    private struct Sums {
        private var values = Array(repeating: Int64(0), count: 2 + FixedPointSum.digitCount)

        mutating func add(_ batch: (errors: Int, loss: Double)) {
            values[0] += Int64(batch.errors)
            values.withUnsafeMutableBufferPointer { values in
                guard let digits = values.baseAddress else { return }
                if !FixedPointSum.add(batch.loss, to: digits + 2) { values[1] += 1 }
                FixedPointSum.carry(digits + 2)
            }
        }

        mutating func reduced(over communicator: TimedCommunicator, images: Int) throws -> Result {
            try values.withUnsafeMutableBufferPointer { try communicator.sum($0, for: "the test errors") }
            let loss = values[1] > 0 ? .nan : FixedPointSum.value(of: Array(values[2...])) / Double(images)
            return Result(errors: Int(values[0]), images: images, loss: loss)
        }
    }
}
