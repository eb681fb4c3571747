import Autograd
import Datasets
import MPI
import Training
import Workers
import XCTest

@testable import Tasks
@testable import TrainingTests

/// A rank keeps the images of the workers that it hosts, and its part of those that the network is tested on.
final class NeededImagesTests: TrainingTestCase {
    private let settings: [TaskSettings] = [
        { _ in }, { $0.evaluation.statistics = .precise },
        { $0.evaluation.statistics = .layerwise }, { $0.training.shards = .reshuffled },
        { $0.evaluation.every = 0 },
    ].map { change in
        var settings = TaskSettings(seed: 5, workers: 6)
        settings.normalization.norm = "bn"
        settings.evaluation.batch = 7
        settings.evaluation.preciseImages = 20
        change(&settings)
        return settings
    }

    func testWithThemARunHasTheBitsOfOneThatHasAllImages() throws {
        let whole = try Digits.all.drawn(trainImages: 50, validation: 23, seed: 5)
        for settings in settings {
            let needed = try Classification.neededImages(of: whole, settings, on: RankTransport(world))
            let partial = Dataset(
                name: "digits", train: keeping(needed.train, of: whole.train),
                validation: whole.validation.map { keeping(needed.validation, of: $0) },
                test: keeping(needed.test, of: whole.test), normalization: whole.normalization)
            let outcomes = try [whole, partial].map { dataset in
                let task = try Classification(TaskContext(settings, dataset: dataset, communicator: world))
                let trainer = Trainer(task)
                let losses = try (0..<2 * task.stepsPerEpoch).map { try trainer.step($0).loss }
                let row = settings.evaluation.every > 0 ? try task.evaluateEpoch() : nil
                return "\(losses) \(row?.values ?? []) \(try task.evaluate().map(\.value))"
            }
            XCTAssertEqual(outcomes[0], outcomes[1])
        }
    }

    func testRanksShareTheImagesOfTheWorkersAndTheTest() throws {
        let whole = try Digits.all.drawn(trainImages: 50, validation: 0, seed: 5)
        let needed = try Classification.neededImages(of: whole, settings[4], on: RankTransport(world))
        XCTAssertEqual(try world.allgather(needed.train).flatMap { $0 }.sorted(), Array(0..<50))
        XCTAssertEqual(try world.allgather(needed.test).flatMap { $0 }.sorted(), Array(0..<whole.test.count))
        XCTAssertEqual(needed.validation, [])
        let reshuffled = try Classification.neededImages(of: whole, settings[3], on: RankTransport(world))
        XCTAssertEqual(reshuffled.train, Array(0..<50))
    }

    private func keeping(_ kept: [Int], of set: ImageSet) -> ImageSet {
        ImageSet(
            height: set.height, width: set.width, channels: set.channels, classes: set.classes,
            images: set.subset(kept).images, labels: set.labels, kept: kept)
    }
}
