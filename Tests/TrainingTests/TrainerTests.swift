import Autograd
import Foundation
import MPI
import XCTest

@testable import Training

/// The loop over steps knows players, not tasks.
final class TrainerTests: TrainingTestCase {
    /// Notes what it is told, and changes nothing.
    private final class Diary: Optimiser {
        let state: [StateTensor] = []
        var updates: [(index: Int, number: Int, rate: Double)] = []
        func step(_ index: Int, number: Int, rate: Double, gradient: UnsafePointer<Float>) {
            updates.append((index, number, rate))
        }
    }

    func testEveryPlayerHasItsUpdatesInEveryStepAndCountsThemOnItsOwn() throws {
        let diaries = [Diary(), Diary()]
        let transport = RankTransport(world)
        let task = try DuelTask(on: transport) { index, _ in diaries[index] }
        let trainer = Trainer(task)
        for step in 0..<3 {
            let report = try trainer.step(step)
            XCTAssertEqual(report.step, step + 1)
            XCTAssertEqual(report.updates.map(\.player), ["first", "second", "second", "second"])
            // Down to half in a hundred steps.
            let share = 1 - Double(step) / 200
            XCTAssertEqual(report.updates.map(\.rate), [0.5 * share, 0.25 * share, 0.25 * share, 0.25 * share])
            XCTAssertEqual(report.rate, 0.25 * share)
            XCTAssertEqual(report.loss, report.updates[3].loss)
            XCTAssertEqual(report.images, 9)
        }
        XCTAssertEqual(diaries[0].updates.map(\.number), (1...3).flatMap { Array(repeating: $0, count: 4) })
        XCTAssertEqual(diaries[1].updates.map(\.number), (1...9).flatMap { Array(repeating: $0, count: 4) })
        for diary in diaries {
            XCTAssertEqual(diary.updates.map(\.index), diary.updates.indices.map { $0 % 4 })
        }
        XCTAssertEqual(diaries[0].updates.map(\.rate), [0.5, 0.5 * 0.995, 0.5 * 0.99].flatMap { [$0, $0, $0, $0] })
    }

    /// Of equal scores; the first update of the first player sees nothing that the second has done.
    func testEachUpdateSeesWhatTheOnesBeforeItHaveLearnt() throws {
        let transport = RankTransport(world)
        let report = try Trainer(DuelTask(on: transport)).step(0)
        let losses = report.updates.map(\.loss)
        XCTAssertEqual(losses[0], log(10), accuracy: 1e-6)
        XCTAssertEqual(Set(losses).count, 4)

        let alone = try DuelTask(on: transport) { index, parameters in
            index == 0 ? Diary() : try Setting(normalization: .none).optimiser(parameters)
        }
        let withoutFirst = try Trainer(alone).step(0).updates.map(\.loss)
        XCTAssertEqual(withoutFirst[0], losses[0])
        XCTAssertEqual(withoutFirst[1], log(10), accuracy: 1e-6)
        XCTAssertNotEqual(withoutFirst[1], losses[1])
    }

    func testAStopThatOneRankWantsIsWantedByAllOnce() throws {
        let transport = RankTransport(world)
        let trainer = Trainer(try DuelTask(on: transport))
        XCTAssertFalse(try trainer.step(0).wantsStop)
        XCTAssertTrue(try trainer.step(1, stopping: world.rank == world.size - 1).wantsStop)
        XCTAssertFalse(try trainer.step(2).wantsStop)
    }

    func testAPlayerGivesItsGradientsByName() throws {
        let transport = RankTransport(world)
        let task = try DuelTask(on: transport)
        _ = try Trainer(task).step(0)
        for player in task.players {
            XCTAssertEqual(
                Set(player.gradients.keys),
                ["normalization.gamma", "normalization.beta", "dense.weight", "dense.bias"])
            let bias = try XCTUnwrap(player.gradients["dense.bias"])
            // Σ(p − onehot) over the classes.
            XCTAssertEqual(bias.reduce(0, +), 0, accuracy: 1e-6)
            XCTAssertTrue(bias.contains { $0 != 0 })
        }
    }
}
