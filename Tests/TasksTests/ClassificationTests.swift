import Autograd
import Datasets
import Tasks
import Training
import Workers
import XCTest

@testable import TrainingTests

/// What the workers hosted here bring to a step, and what is made of it.
final class ClassificationTests: TrainingTestCase {
    func testABatchHoldsTheImagesOfTheHostedWorkersOneAfterAnother() throws {
        let run = try Setting(normalization: .none).run(on: world)
        var sampler = run.task.sampler
        XCTAssertEqual(run.task.stepsPerEpoch, 2)
        let set = Digits.first(41)
        for step in 0..<5 {
            let batch = run.task.batch(step: step, update: 0, of: run.task.player)
            let indices = run.hosting.hosted.map { worker in
                Array(sampler.batch(epoch: step / 2, step: step % 2, worker: worker))
            }
            XCTAssertEqual(
                batch.layout,
                BatchLayout(
                    imageCounts: indices.map(\.count), firstWorker: run.hosting.hosted.lowerBound,
                    globalImages: step % 2 == 0 ? 40 : 1))
            XCTAssertEqual(batch.labels, indices.flatMap { $0 }.map { Int(set.train.labels[$0]) })
            XCTAssertEqual(batch.images.shape, [batch.labels.count, 8, 8, 1])
            for (image, index) in indices.flatMap({ $0 }).enumerated() {
                let bytes = set.train.images[64 * index..<64 * (index + 1)]
                for (pixel, byte) in bytes.enumerated() {
                    let expected =
                        (Double(byte) - Double(set.normalization.means[0])) / Double(set.normalization.deviations[0])
                    XCTAssertEqual(Double(batch.images.row(image)[pixel]), expected, accuracy: 1e-5)
                }
            }
        }
    }

    func testPixelsHaveAGradientOnlyWhereItIsAskedFor() {
        for asked in [false, true] {
            let batch = LabelledBatch(
                of: Digits.all, indices: [[3, 5]], firstWorker: 0, globalImages: 2, needsImageGradient: asked)
            XCTAssertEqual(batch.images.needsGradient, asked)
        }
    }

    func testTheSharesOfAllRanksAddUpToTheMeanLoss() throws {
        let run = try Setting(normalization: .batch(.worker)).run(on: world)
        let batch = run.task.batch(step: 0, update: 0, of: run.task.player)
        let context = ForwardContext(Tape(layout: batch.layout))
        let objective = try run.task.objective(of: run.task.player, batch, context)
        XCTAssertEqual(objective.output.shape, [batch.labels.count, 10])
        XCTAssertEqual(objective.workerLosses.count, run.hosting.hosted.count)
        let share = try world.allreduce(Double(objective.loss.array[0]), .sum)
        let sum = try world.allreduce(objective.workerLosses.reduce(0, +), .sum)
        XCTAssertEqual(share, sum / 40, accuracy: 1e-6)
        XCTAssertEqual(
            sum / 40, try Setting(normalization: .batch(.worker)).run(on: alone).train(steps: 0..<1)[0], accuracy: 1e-6)
    }

    func testTheOnlyPlayerIsTheClassifier() throws {
        let task = try Setting(normalization: .none).run(on: world).task
        XCTAssertEqual(task.players.map(\.name), ["classifier"])
        XCTAssertTrue(task.players[0] === task.player)
    }
}
