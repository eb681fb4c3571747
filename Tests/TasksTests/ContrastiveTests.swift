import Autograd
import Datasets
import Kernels
import MPI
import TestSupport
import Training
import Workers
import XCTest

@testable import Tasks
@testable import TrainingTests

/// A network that finds the other view of an image, on any number of ranks.
final class ContrastiveTests: TrainingTestCase {
    /// 50 images among 6 workers are 9, 9, 8, …: the last of three steps has fewer for some.
    private func task(
        _ norm: String, images: Int = 50, on communicator: Communicator? = nil, _ dataset: Dataset? = nil,
        _ change: (inout TaskSettings) -> Void = { _ in }
    ) throws -> Contrastive {
        let settings = settings(norm, change)
        return try Contrastive(
            TaskContext(
                settings, dataset: dataset ?? Digits.first(images, test: 67), communicator: communicator ?? world))
    }

    private func settings(_ norm: String, _ change: (inout TaskSettings) -> Void = { _ in }) -> TaskSettings {
        var settings = TaskSettings(seed: 5, workers: 6)
        settings.normalization.norm = norm
        settings.training.batch = 3
        settings.training.learningRate = 0.05
        settings.evaluation.batch = 9
        settings.contrastive.pretextImages = 40
        settings.contrastive.neighbourImages = 30
        settings.contrastive.neighbours = 5
        change(&settings)
        return settings
    }

    /// Everything that a run comes to.
    private func outcome(of task: Contrastive, steps: Int = 4) throws -> String {
        let trainer = Trainer(task)
        let losses = try (0..<steps).map { try trainer.step($0).loss }
        let state = try NetworkState(
            task.player.network, workers: 6, communicator: task.transport.communicator)
        let scores = try task.evaluate().map { "\($0.name) \($0.value)" }
        return "\(losses) \(state.digest) \(try task.evaluateEpoch()?.values ?? []) \(scores)"
    }

    func testTheBitsDoNotDependOnTheRanks() throws {
        for (norm, shuffled, statistics) in [
            ("bn", false, EvaluationStatistics.pooled), ("bn", true, .worker0), ("syncbn", false, .precise),
            ("gn", true, .batch),
        ] {
            let outcomes = try [world, alone].map { communicator in
                try outcome(
                    of: task(norm, on: communicator) {
                        $0.contrastive.shuffledViews = shuffled
                        $0.evaluation.statistics = statistics
                    })
            }
            XCTAssertEqual(outcomes[0], outcomes[1], "\(norm), shuffled: \(shuffled)")
        }
    }

    func testWithTheImagesThatARankNeedsARunHasTheBitsOfOneThatHasAll() throws {
        let whole = try Digits.all.drawn(trainImages: 50, validation: 23, seed: 5)
        for (shuffled, shards) in [(false, ShardChoice.fixed), (true, .fixed), (false, .reshuffled)] {
            let change: (inout TaskSettings) -> Void = {
                $0.contrastive.shuffledViews = shuffled
                $0.training.shards = shards
            }
            let needed = try Contrastive.neededImages(
                of: whole, settings("bn", change), on: RankTransport(world))
            let partial = Dataset(
                name: "digits", train: keeping(needed.train, of: whole.train),
                validation: whole.validation.map { keeping(needed.validation, of: $0) },
                test: keeping(needed.test, of: whole.test), normalization: whole.normalization)
            let outcomes = try [whole, partial].map { try outcome(of: task("bn", $0, change)) }
            XCTAssertEqual(outcomes[0], outcomes[1])
            if shards == .fixed, !shuffled, world.size > 2 { XCTAssertLessThan(needed.train.count, 50) }
        }
    }

    /// The loss of the first step is that of the embeddings of all workers, in the words of the paper.
    func testTheLossIsThatOfTheGlobalBatch() throws {
        let task = try task("none")
        let batch = task.batch(step: 0, update: 0, of: task.player)
        XCTAssertEqual(batch.layout.globalImages, 36)
        let context = ForwardContext(Tape(layout: batch.layout))
        let objective = try task.objective(of: task.player, batch, context)
        let embeddings = try world.allgather(objective.output.array).flatMap { $0 }
        let rows = (0..<36).map { embeddings[64 * $0..<64 * ($0 + 1)].map(Double.init) }
        // A worker's first three views are of the images of its next three.
        let partners = (0..<36).map { $0 % 6 < 3 ? $0 + 3 : $0 - 3 }
        let expected = referenceContrastiveLoss(
            of: rows, partners: partners, temperature: 0.2, exponential: { exp($0) }, logarithm: { log($0) })
        let share = try world.allreduce(Double(objective.loss.array[0]), .sum)
        XCTAssertEqual(share, expected / 36, accuracy: 1e-5)
        XCTAssertEqual(try world.allreduce(objective.workerLosses.reduce(0, +), .sum), expected, accuracy: 1e-4)
    }

    func testBothViewsAreOnTheWorkerOfTheImageUnlessTheyAreShuffled() throws {
        for shuffled in [false, true] {
            let task = try task("gn") { $0.contrastive.shuffledViews = shuffled }
            let pairs = task.batch(step: 2, update: 0, of: task.player).pairs
            let counts = (0..<6).map { task.sampler.batchSize(step: 2, worker: $0) }
            XCTAssertEqual(counts, [3, 3, 2, 2, 2, 2])
            XCTAssertEqual(pairs.workers, counts.enumerated().flatMap { Array(repeating: $0, count: 2 * $1) })
            for row in 0..<pairs.count {
                let partner = pairs.partners[row]
                XCTAssertEqual(pairs.images[partner], pairs.images[row])
                XCTAssertEqual(pairs.views[partner], 1 - pairs.views[row])
            }
            let apart = (0..<pairs.count).count { pairs.workers[$0] != pairs.workers[pairs.partners[$0]] }
            if shuffled { XCTAssertGreaterThan(apart, 0) } else { XCTAssertEqual(apart, 0) }
            let other = task.batch(step: 5, update: 0, of: task.player).pairs
            XCTAssertEqual(other == pairs, !shuffled, "another order in every step")
        }
    }

    func testTheScoresAreCountsAndTheirShares() throws {
        let task = try task("bn")
        let scores = Dictionary(uniqueKeysWithValues: try task.evaluate().map { ($0.name, $0.value) })
        func assertShare(_ percent: String, wrong: String, of all: String, _ count: Double) throws {
            let wrong = try XCTUnwrap(scores[wrong])
            XCTAssertEqual(scores[all], count)
            XCTAssertEqual(scores[percent], 100 * (count - wrong) / count)
        }
        try assertShare("knn_accuracy_percent", wrong: "wrong_test_images", of: "test_images", 67)
        // Of 40 images two steps of 18 are whole; the probe is fitted to the first.
        try assertShare("pretext_accuracy_percent", wrong: "pretext_wrong_views", of: "pretext_views", 72)
        try assertShare(
            "worker_probe_accuracy_percent", wrong: "worker_probe_wrong_views", of: "worker_probe_views", 18)
        XCTAssertEqual(scores["worker_probe_chance_percent"], 100 / 6.0)
        for (_, score) in Contrastive.tableScores { XCTAssertNotNil(scores[score], score) }
    }

    func testWithOneImageAWorkerNoneIsToldByItsOthers() throws {
        let scores = try task("gn") { $0.training.batch = 1 }.evaluate().map(\.name)
        XCTAssertFalse(scores.contains { $0.hasPrefix("worker_probe") })
        XCTAssertTrue(scores.contains("pretext_accuracy_percent"))
    }

    func testRunningStatisticsStayAsTheyAreWhenItIsEvaluated() throws {
        let task = try task("bn")
        _ = try Trainer(task).step(0)
        func digest() throws -> String {
            try NetworkState(task.player.network, workers: 6, communicator: world).digest
        }
        let before = try digest()
        _ = try task.evaluateEpoch()
        XCTAssertEqual(try digest(), before)
    }

    /// Features of digits tell digits even before training, far above the tenth that chance would.
    func testNeighboursTellDigits() throws {
        let task = try task("gn", images: 400) { $0.contrastive.neighbourImages = 400 }
        XCTAssertGreaterThan(try task.askNeighbours(on: task.dataset.test).accuracyPercent, 50)
    }

    func testHeldOutStepsAreWholeAndHaveEachImageOnce() {
        let images = Digits.all.test
        for (pretextImages, batch, expected) in [
            (40, 3, [18, 18]), (17, 3, [17]), (1_000_000, 60, [360]), (5, .max, [5]),
        ] {
            let steps = settings("gn") {
                $0.contrastive.pretextImages = pretextImages
                $0.training.batch = batch
            }.pretextSteps(of: images)
            XCTAssertEqual(steps.map(\.numbers.count), expected)
            XCTAssertEqual(steps.map { $0.counts.reduce(0, +) }, expected)
            XCTAssertTrue(steps.allSatisfy { $0.counts.count == 6 })
            let numbers = steps.flatMap(\.numbers)
            XCTAssertEqual(Set(numbers).count, numbers.count)
        }
    }

    private func keeping(_ kept: [Int], of set: ImageSet) -> ImageSet {
        ImageSet(
            height: set.height, width: set.width, channels: set.channels, classes: set.classes,
            images: set.subset(kept).images, labels: set.labels, kept: kept)
    }
}
