import Autograd
import Datasets
import Foundation
import Training
import Workers

/// Tests the network on images that it was not trained on.
///
/// The test images are cut into batches of one size, which are spread over the ranks; the result does not depend on how.
extension Classification {
    /// The outcome, the same on every rank.
    public struct TestResult: Equatable, Sendable {
        /// Images whose highest score is not that of their label.
        public let errors: Int
        /// Test images.
        public let images: Int
        /// The mean loss.
        public let loss: Double

        /// Wrongly classified images in percent.
        public var errorPercent: Double { 100 * Double(errors) / Double(images) }
    }

    /// Error and loss on the test images.
    public func evaluate() throws -> [Score] {
        let result = try test()
        return [
            Score(
                "test_error_percent", result.errorPercent,
                String(
                    format: "test error %.2f%% (%d of %d images)", result.errorPercent, result.errors, result.images)),
            Score("test_loss", result.loss, String(format: "loss %.4f", result.loss)),
        ]
    }

    /// Classifies all test images; a collective.
    public func test() throws -> TestResult {
        let (evaluation, statistics) = (settings.evaluation, try evaluationStatistics(of: player))
        var totals = ExactTotals(counts: 1, values: 1)
        for images in transport.hostedBatches(of: dataset.test.count, size: evaluation.batch) {
            let (errors, loss) = try classify(Array(images), statistics)
            totals.add(errors, toCount: 0)
            totals.add(loss, toValue: 0)
        }
        try totals.reduce(over: transport, for: "the test errors")
        let images = dataset.test.count
        return TestResult(errors: totals.count(0), images: images, loss: totals.value(0) / Double(images))
    }

    /// What each layer with running statistics evaluates with, by its name; a collective.
    public func evaluationStatistics(of player: Player) throws -> [String: ChannelStatistics] {
        let (network, evaluation) = (player.network, settings.evaluation)
        let state = try NetworkState(network, workers: hosting.workers, communicator: transport.communicator)
        let statistics = try evaluation.statistics.statistics(of: network, in: state)
        guard evaluation.statistics == .precise else { return statistics }
        let precise = PreciseStatistics(
            images: min(evaluation.preciseImages, dataset.train.count), batch: evaluation.batch,
            biased: settings.normalization.biased, transport: transport)
        return try precise.computed(for: network, instead: statistics) { dataset.tensor(of: dataset.train, $0) }
    }

    private func classify(
        _ indices: [Int], _ statistics: [String: ChannelStatistics]
    ) throws -> (errors: Int, loss: Double) {
        let tape = Tape(layout: BatchLayout(images: indices.count), isRecording: false)
        let context = ForwardContext(
            tape, mode: settings.evaluation.statistics == .batch ? .batchStatistics : .evaluation,
            statistics: statistics)
        let scores = try player.network(dataset.tensor(of: dataset.test, indices), context)
        let labels = indices.map { Int(dataset.test.labels[$0]) }
        let loss = try tape.crossEntropy(scores, labels: labels).workerLossSums.reduce(0, +)
        let errors = labels.indices.count { image in
            let ofImage = UnsafeBufferPointer(start: scores.row(image), count: scores.shape[1])
            return !isHighest(labels[image], of: ofImage)
        }
        return (errors, loss)
    }

    /// Of equal scores the first counts as the highest; a score that is no number is lower than none.
    private func isHighest(_ label: Int, of scores: UnsafeBufferPointer<Float>) -> Bool {
        scores[..<label].allSatisfy { $0 < scores[label] } && scores[label...].allSatisfy { $0 <= scores[label] }
    }
}
