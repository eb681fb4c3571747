import MPI
import Safetensors
import Workers
import XCTest

@testable import Training

/// A checkpoint holds all players of a task, and a run goes on from it as if it had never stopped.
final class PlayerCheckpointTests: TrainingTestCase {
    private let header = Checkpoint.Header(
        step: 3, configuration: "", command: "train",
        conditions: .ofTests, lastEpochLossSum: 0,
        seconds: 0)

    func testTheBitsAreTheSameOnAnyNumberOfRanks() throws {
        let (shared, single) = (try Duel(on: world), try Duel(on: alone))
        XCTAssertEqual(try shared.train(steps: 0..<6), try single.train(steps: 0..<6))
        XCTAssertTrue(try shared.checkpoint(header).serialized() == single.checkpoint(header).serialized())
    }

    func testARunGoesOnWithTheSameBitsOnAnotherNumberOfRanks() throws {
        let whole = try Duel(on: alone)
        let expected = Array(try whole.train(steps: 0..<7).suffix(4))
        let end = try whole.checkpoint(header).serialized()
        for (first, second) in [(alone!, world!), (world!, alone!), (world!, world!)] {
            let begun = try Duel(on: first)
            _ = try begun.train(steps: 0..<3)
            let bytes = try begun.checkpoint(header, metrics: "step\n").serialized()
            let checkpoint = try Checkpoint(bytes: bytes, path: "checkpoint")
            XCTAssertEqual(checkpoint.metrics, "step\n")
            let goingOn = try Duel(on: second)
            try goingOn.trainer.restore(checkpoint)
            XCTAssertTrue(try goingOn.checkpoint(header, metrics: "step\n").serialized() == bytes)
            XCTAssertEqual(try goingOn.train(steps: 3..<7), expected)
            XCTAssertTrue(try goingOn.checkpoint(header).serialized() == end)
        }
    }

    func testEachTensorHasThePathOfItsPlayer() throws {
        let duel = try Duel(on: world)
        _ = try duel.train(steps: 0..<1)
        let tensors = try duel.checkpoint(header).tensors
        let parameters = ["dense.bias", "dense.weight", "normalization.beta", "normalization.gamma"]
        let names = ["first", "second"].flatMap { player in
            parameters.map { "\(player)/network/\($0)" } + parameters.map { "\(player)/optimiser/\($0).velocity" }
                + ["batchCounts", "runningMean", "runningVariance"].map { "\(player)/network/normalization.\($0)" }
                + ["\(player)/exchange/units"]
        }
        XCTAssertEqual(tensors.names, (names + ["metrics"]).sorted())
        // Six workers with statistics of their own, and three pairs of workers.
        XCTAssertEqual(tensors["first/network/normalization.runningMean"]?.shape, [6, 1])
        XCTAssertEqual(tensors["second/network/normalization.runningMean"]?.shape, [3, 1])
        XCTAssertEqual(tensors["first/exchange/units"]?.shape, [4])
    }

    func testTheNetworkOfEachPlayerCanBeTakenOut() throws {
        let duel = try Duel(on: world)
        _ = try duel.train(steps: 0..<2)
        let checkpoint = try duel.checkpoint(header)
        for player in duel.task.players {
            let state = try NetworkState(player.network, workers: 6, communicator: world)
            XCTAssertEqual(checkpoint.networkState(of: player.name).digest, state.digest)
        }
        XCTAssertNotEqual(checkpoint.networkState(of: "first").digest, checkpoint.networkState(of: "second").digest)
    }

    func testTheWeightsOfAllPlayersCanBePutBackOnAnotherNumberOfRanks() throws {
        let (trained, fresh) = (try Duel(on: world), try Duel(on: alone))
        _ = try trained.train(steps: 0..<2)
        let state = try NetworkState(trained.task.players, workers: 6, communicator: world)
        try state.restore(fresh.task.players)
        XCTAssertEqual(
            try NetworkState(fresh.task.players, workers: 6, communicator: alone).digest, state.digest)
    }

    func testACheckpointThatDoesNotFitOnePlayerChangesNone() throws {
        let begun = try Duel(on: world)
        _ = try begun.train(steps: 0..<2)
        let checkpoint = try begun.checkpoint(header)
        // The second player's network has no norm.
        let other = try Duel(on: world, second: nil)
        let before = try other.checkpoint(header).serialized()
        for error in try errorsOfAllRanks({ try other.trainer.restore(checkpoint) }) {
            XCTAssertNotEqual(error, "nothing thrown")
        }
        XCTAssertTrue(try other.checkpoint(header).serialized() == before)
    }

    func testWithoutAnyOfItsTensorsACheckpointIsRefusedAndChangesNothing() throws {
        let begun = try Duel(on: world)
        _ = try begun.train(steps: 0..<2)
        let whole = try begun.checkpoint(header)
        let goingOn = try Duel(on: world)
        let before = try goingOn.checkpoint(header).serialized()
        for name in whole.tensors.names where name != "metrics" {
            var tensors = whole.tensors
            tensors[name] = nil
            let errors = try errorsOfAllRanks {
                try goingOn.trainer.restore(Checkpoint(header: header, tensors: tensors))
            }
            for error in errors { XCTAssertNotEqual(error, "nothing thrown", name) }
            XCTAssertTrue(try goingOn.checkpoint(header).serialized() == before, name)
        }
    }

    private struct Duel {
        let task: DuelTask
        let trainer: Trainer<DuelTask>

        init(on communicator: Communicator, second statistics: StatisticsGroup? = .workers(2)) throws {
            let transport = RankTransport(communicator)
            task = try DuelTask(on: transport, second: statistics)
            trainer = Trainer(task)
        }

        /// The losses of all updates, as bits.
        func train(steps: Range<Int>) throws -> [[UInt64]] {
            try steps.map { try trainer.step($0).updates.map(\.loss.bitPattern) }
        }

        /// A collective.
        func checkpoint(_ header: Checkpoint.Header, metrics: String = "") throws -> Checkpoint {
            try trainer.checkpoint(header, metrics: metrics)
        }
    }
}
