import MPI
import Tasks
import XCTest

@testable import Training

/// Ranks that should keep the same weights, and do not.
final class DriftTests: TrainingTestCase {
    private let header = Checkpoint.Header(
        step: 2, configuration: "", command: "train", conditions: .ofTests, lastEpochLossSum: 0, seconds: 0)

    /// The lowest bit of one weight, of one moment of the optimiser, flipped on the last rank.
    func testABitThatFlipsOnOneRankIsNoticedBeforeACheckpointIsMade() throws {
        let world = try Communicator.world
        let run = try Setting(normalization: .batch(.worker)).run(on: world)
        _ = try run.train(steps: 0..<2)
        _ = try run.checkpoint(header)
        let velocity = try XCTUnwrap(run.task.player.optimiser.state.first)
        guard case .floats(let velocities) = velocity.values else { return XCTFail("velocities are real numbers") }
        let weights = try XCTUnwrap(run.task.player.parameters.last).tensor
        for values in [weights.values, velocities.values] {
            func flip() { values[0] = Float(bitPattern: values[0].bitPattern ^ 1) }
            if world.rank == world.size - 1 { flip() }
            if world.size == 1 {
                XCTAssertNoThrow(try run.checkpoint(header))
            } else {
                XCTAssertThrowsError(try run.checkpoint(header)) {
                    let rank = world.size == 2 ? 1 : world.size - 1
                    XCTAssertEqual($0 as? TrainingError, .drift(step: 2, rank: rank))
                }
            }
            if world.rank == world.size - 1 { flip() }
        }
        _ = try run.checkpoint(header)
    }

    func testTheRankThatDiffersFromMostIsNamed() {
        typealias Trained = Trainer<Classification>
        XCTAssertNil(Trained.outlier(among: ["a"]))
        XCTAssertNil(Trained.outlier(among: ["a", "a", "a"]))
        XCTAssertEqual(Trained.outlier(among: ["a", "b"]), 1)
        XCTAssertEqual(Trained.outlier(among: ["b", "a", "a"]), 0)
        XCTAssertEqual(Trained.outlier(among: ["a", "a", "b", "a"]), 2)
        XCTAssertEqual(Trained.outlier(among: ["a", "b", "b", "a"]), 1)
    }

    func testTheSentenceNamesTheRank() {
        XCTAssertEqual(
            TrainingError.drift(step: 40, rank: 2).description,
            "the weights of rank 2 differ from those of the other ranks after step 40, though all compute the same: its "
                + "memory or its processor may be faulty; go on from a checkpoint on another host.")
    }
}
