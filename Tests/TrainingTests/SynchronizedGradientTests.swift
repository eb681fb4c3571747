import MPI
import Normalization
import Training
import XCTest

/// γ and β of a synchronised norm get their gradients out of the message of its backward pass.
///
/// Groups of all workers are the same norm, but for that: theirs are exchanged like any other gradient.
final class SynchronizedGradientTests: TrainingTestCase {
    private let counts = [3, 0, 5, 1, 2, 4]
    /// γ and β of 32, 32, 64, 64 and 128 channels.
    private let affineValues = 2 * 320

    func testTheyEqualTheExchangedOnes() throws {
        let synchronized = try GlobalBatch(counts, .batch(.world), on: TimedCommunicator(world))
        let exchanged = try GlobalBatch(counts, .batch(.workers(6)), on: TimedCommunicator(world))
        XCTAssertEqual(synchronized.loss, exchanged.loss)
        for (index, parameter) in synchronized.network.parameters.enumerated() {
            let error = relativeError(synchronized.gradients[index], exchanged.gradients[index])
            XCTAssertLessThanOrEqual(error, 1e-6, parameter.name)
        }
    }

    func testTheyAreNotInTheMessageOfTheGradients() throws {
        let (synchronized, exchanged) = (TimedCommunicator(world), TimedCommunicator(world))
        _ = try GlobalBatch(counts, .batch(.world), on: synchronized)
        _ = try GlobalBatch(counts, .batch(.workers(6)), on: exchanged)
        XCTAssertEqual(exchanged.bytes - synchronized.bytes, world.size == 1 ? 0 : 8 * affineValues)
        // Five norms, forward and backward, and the gradients.
        XCTAssertEqual(synchronized.messages, world.size == 1 ? 0 : 11)
        XCTAssertEqual(exchanged.messages, synchronized.messages)
    }

    func testPerWorkerStatisticsNeedOneMessageAStep() throws {
        let sums = TimedCommunicator(world)
        _ = try GlobalBatch(counts, .batch(.worker), on: sums)
        XCTAssertEqual(sums.messages, world.size == 1 ? 0 : 1)
    }
}
