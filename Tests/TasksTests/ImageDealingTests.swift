import Autograd
import Catalogues
import Datasets
import MPI
import Training
import Workers
import XCTest

@testable import Tasks
@testable import TrainingTests

/// Whatever images are dealt to workers, and whatever is done to them, a run does not depend on the ranks.
final class ImageDealingTests: TrainingTestCase {
    private func settings(_ change: (inout TaskSettings) -> Void) -> TaskSettings {
        var settings = TaskSettings(seed: 5, workers: 5)
        settings.normalization.norm = "bn"
        settings.training.batch = 4
        settings.training.epochs = 3
        settings.evaluation.batch = 7
        change(&settings)
        return settings
    }

    private var variants: [TaskSettings] {
        let changes: [(inout TaskSettings) -> Void] = [
            { $0.dataset.shards = .dirichlet(0.2) },
            { $0.dataset.shards = .sorted },
            {
                $0.dataset.shards = .dirichlet(1)
                $0.training.shards = .reshuffled
            },
            { $0.dataset.batches = .coherent(classes: 2) },
            {
                $0.dataset.batches = .coherent(classes: 3)
                $0.dataset.shards = .sorted
                $0.training.shards = .reshuffled
            },
            { $0.dataset.augmentation = [.crop(padding: 2), .flip] },
        ]
        return changes.map(settings)
    }

    private let dataset: Dataset = Digits.first(213, test: 90)

    func testLossesWeightsAndEvaluationHaveTheSameBits() throws {
        for settings in variants {
            let outcomes = try [world, alone].map { communicator in
                let task = try Classification(TaskContext(settings, dataset: dataset, communicator: communicator))
                let trainer = Trainer(task)
                let losses = try (0..<2 * task.stepsPerEpoch).map { try trainer.step($0).loss }
                let state = try NetworkState(task.player.network, workers: 5, communicator: communicator)
                return "\(losses) \(state.digest) \(try task.evaluateEpoch()?.values ?? [])"
            }
            XCTAssertEqual(outcomes[0], outcomes[1], "\(settings.dataset)")
        }
    }

    /// Colour images of 32×32 pixels in the network of their papers.
    func testResNet20WithTheUsualAugmentationHasTheSameBits() throws {
        var settings = TaskSettings(seed: 5, workers: 4)
        settings.normalization.norm = "bn"
        settings.model.name = "resnet20"
        settings.dataset.augmentation = [.crop(padding: 4), .flip]
        let images = try Dataset.source("cifar10").synthetic(images: 16)
        let losses = try [world, alone].map { communicator in
            let trainer = Trainer(
                try Classification(TaskContext(settings, dataset: images, communicator: communicator)))
            return try (0..<3).map { try trainer.step($0).loss }
        }
        XCTAssertEqual(losses[0], losses[1])
    }

    func testARankNeedsTheImagesThatItsWorkersSeeAndNoOthers() throws {
        for settings in variants {
            let needed = try Classification.neededImages(of: dataset, settings, on: RankTransport(world))
            let task = try Classification(TaskContext(settings, dataset: dataset, communicator: world))
            var sampler = task.sampler
            var seen: Set<Int> = []
            for epoch in 0..<3 {
                for step in 0..<sampler.stepsPerEpoch {
                    for worker in task.hosting.hosted {
                        seen.formUnion(sampler.batch(epoch: epoch, step: step, worker: worker))
                    }
                }
            }
            if settings.training.shards == .fixed {
                XCTAssertEqual(needed.train, seen.sorted(), "\(settings.dataset)")
            } else {
                XCTAssertTrue(seen.isSubset(of: needed.train), "\(settings.dataset)")
            }
            let partial = Dataset(
                name: "digits", train: keeping(needed.train, of: dataset.train),
                test: keeping(needed.test, of: dataset.test), normalization: dataset.normalization)
            let rows = try [dataset, partial].map { dataset in
                let task = try Classification(TaskContext(settings, dataset: dataset, communicator: world))
                return try XCTUnwrap(task.evaluateEpoch()).values
            }
            XCTAssertEqual(rows[0], rows[1], "\(settings.dataset)")
        }
    }

    func testBatchesOfTheEpochsEvaluationHaveFewClassesToo() throws {
        let settings = settings { $0.dataset.batches = .coherent(classes: 2) }
        let order = settings.orderAsInTraining(of: dataset.test, batch: 4)
        XCTAssertEqual(order.sorted(), Array(0..<90))
        for start in stride(from: 0, to: 90, by: 4) {
            XCTAssertLessThanOrEqual(Set(order[start..<min(start + 4, 90)].map { dataset.test.labels[$0] }).count, 2)
        }
        let mixed = self.settings { _ in }
        XCTAssertEqual(mixed.orderAsInTraining(of: dataset.test, batch: 4), Array(0..<90))
    }

    /// The images of an epoch are changed when they are trained on, and at no other time.
    func testOnlyTrainingBatchesAreAugmented() throws {
        let plain = try Classification(TaskContext(settings { _ in }, dataset: dataset, communicator: world))
        let augmenting = settings { $0.dataset.augmentation = [.crop(padding: 3), .flip] }
        let changed = try Classification(TaskContext(augmenting, dataset: dataset, communicator: world))
        func images(_ task: Classification, _ step: Int) -> [Float] {
            task.batch(step: step, update: 0, of: task.player).images.array
        }
        XCTAssertNotEqual(images(plain, 0), images(changed, 0))
        XCTAssertEqual(
            plain.batch(step: 0, update: 0, of: plain.player).labels,
            changed.batch(step: 0, update: 0, of: changed.player).labels)
        XCTAssertEqual(try plain.test(), try changed.test())
        XCTAssertEqual(try plain.evaluateEpoch(), try changed.evaluateEpoch())
        func test(_ statistics: EvaluationStatistics, augmented: Bool) throws -> Classification.TestResult {
            let settings = settings {
                if augmented { $0.dataset.augmentation = augmenting.dataset.augmentation }
                $0.evaluation.statistics = statistics
            }
            return try Classification(TaskContext(settings, dataset: dataset, communicator: world)).test()
        }
        XCTAssertEqual(try test(.layerwise, augmented: true), try test(.layerwise, augmented: false))
        // Those of training batches see what training sees.
        XCTAssertNotEqual(try test(.precise, augmented: true), try test(.precise, augmented: false))
    }

    func testWhatTheImagesDoNotAllowIsRefusedInASentence() {
        func assertRefused(_ sentence: String, line: UInt = #line, _ change: (inout TaskSettings) -> Void) {
            let settings = settings(change)
            XCTAssertThrowsError(
                try Classification(TaskContext(settings, dataset: dataset, communicator: world)), line: line
            ) { XCTAssertEqual("\($0)", sentence, line: line) }
        }
        assertRefused("dataset.batches coherent:11: expected at most the 10 classes of the training images, or mixed") {
            $0.dataset.batches = .coherent(classes: 11)
        }
        // 213 images among 5 workers: 42 in the last shard.
        assertRefused(
            "dataset.batches coherent:2: expected mixed, since the images of some workers fill 5 batches of 8, too few for "
                + "10 classes"
        ) {
            $0.dataset.batches = .coherent(classes: 2)
            $0.training.batch = 8
        }
        assertRefused(
            "dataset.augmentation crop:8: expected crop:n with n below 8, since nothing might be left of images of 8×8 "
                + "pixels"
        ) { $0.dataset.augmentation = [.crop(padding: 8)] }
    }

    private func keeping(_ kept: [Int], of set: ImageSet) -> ImageSet {
        ImageSet(
            height: set.height, width: set.width, channels: set.channels, classes: set.classes,
            images: set.subset(kept).images, labels: set.labels, kept: kept)
    }
}
