import Autograd
import Datasets
import Foundation
import Training
import Workers

/// Tests the network on images that it was not trained on.
///
/// They are cut into batches of one size, which are spread over the ranks; the result does not depend on how.
extension Classification {
    /// The outcome, the same on every rank.
    public struct TestResult: Equatable, Sendable {
        /// Images whose highest score is not that of their label.
        public let errors: Int
        /// All images.
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
            Score("wrong_test_images", Double(result.errors)),
            Score("test_images", Double(result.images)),
            Score("test_loss", result.loss, String(format: "loss %.4f", result.loss)),
        ]
    }

    /// Of the images that are looked at on the way, with the statistics of evaluation and, as in training, with those of
    /// batches.
    public func evaluateEpoch() throws -> EpochRow? {
        let images = dataset.evaluatedImages
        let (evaluated, trained) = (try test(on: images), try testAsInTraining(on: images))
        return [
            "part": dataset.validation == nil ? "test" : "validation", "images": "\(images.count)",
            "loss": "\(evaluated.loss)", "error_percent": "\(evaluated.errorPercent)",
            "training_mode_loss": "\(trained.loss)", "training_mode_error_percent": "\(trained.errorPercent)",
        ]
    }

    /// Classifies all test images; a collective.
    public func test() throws -> TestResult { try test(on: dataset.test) }

    /// Classifies images with the statistics of evaluation; a collective.
    func test(on images: ImageSet) throws -> TestResult {
        let (evaluation, statistics) = (settings.evaluation, try evaluationStatistics(of: player))
        let mode = evaluation.statistics.mode
        var totals = ExactTotals(counts: 1, values: 1)
        for batch in transport.hostedBatches(of: images.count, size: evaluation.batch) {
            try classify(Array(batch), of: images, mode, statistics, BatchLayout(images: batch.count), into: &totals)
        }
        return try result(&totals, images)
    }

    /// Classifies images in batches as those of training, each of which gives norms their statistics as in training; running
    /// statistics stay as they are. A collective.
    func testAsInTraining(on images: ImageSet) throws -> TestResult {
        let (workers, batch) = (hosting.workers, min(sampler.batch, images.count))
        let order = settings.orderAsInTraining(of: images, batch: batch)
        var totals = ExactTotals(counts: 1, values: 1)
        for first in stride(from: 0, to: images.count, by: workers * batch) {
            let ofWorkers = hosting.batches(of: first..<images.count, size: batch)
            let layout = BatchLayout(
                imageCounts: ofWorkers.map(\.count), firstWorker: hosting.hosted.lowerBound,
                globalImages: min(workers * batch, images.count - first))
            let indices = ofWorkers.joined().map { order[$0] }
            try classify(indices, of: images, .trainingWithoutUpdate, [:], layout, into: &totals)
        }
        return try result(&totals, images)
    }

    private func result(_ totals: inout ExactTotals, _ images: ImageSet) throws -> TestResult {
        try totals.reduce(over: transport, for: "the test errors")
        return TestResult(errors: totals.count(0), images: images.count, loss: totals.value(0) / Double(images.count))
    }

    /// Adds the errors of some images to the only count, and each worker's loss to the only value.
    private func classify(
        _ indices: [Int], of images: ImageSet, _ mode: ForwardMode, _ statistics: [String: ChannelStatistics],
        _ layout: BatchLayout, into totals: inout ExactTotals
    ) throws {
        let tape = Tape(layout: layout, isRecording: false)
        let context = ForwardContext(tape, mode: mode, statistics: statistics)
        let scores = try player.network(dataset.tensor(of: images, indices), context)
        let labels = indices.map { Int(images.labels[$0]) }
        for loss in try tape.crossEntropy(scores, labels: labels).workerLossSums { totals.add(loss, toValue: 0) }
        let errors = labels.indices.count { image in
            let ofImage = UnsafeBufferPointer(start: scores.row(image), count: scores.shape[1])
            return !isHighest(labels[image], of: ofImage)
        }
        totals.add(errors, toCount: 0)
    }

    /// Of equal scores the first counts as the highest; a score that is no number is lower than none.
    private func isHighest(_ label: Int, of scores: UnsafeBufferPointer<Float>) -> Bool {
        scores[..<label].allSatisfy { $0 < scores[label] } && scores[label...].allSatisfy { $0 <= scores[label] }
    }
}
