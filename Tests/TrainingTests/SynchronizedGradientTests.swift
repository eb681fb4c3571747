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
        let synchronized = try GlobalBatch(counts, .batch(.world), on: RankTransport(world))
        let exchanged = try GlobalBatch(counts, .batch(.workers(6)), on: RankTransport(world))
        XCTAssertEqual(synchronized.loss, exchanged.loss)
        for (index, parameter) in synchronized.network.parameters.enumerated() {
            let error = relativeError(synchronized.gradients[index], exchanged.gradients[index])
            XCTAssertLessThanOrEqual(error, 1e-6, parameter.name)
        }
    }

    func testTheyAreNotInTheMessageOfTheGradients() throws {
        for passes in [1, 2] {
            let synchronized = try GlobalBatch(counts, .batch(.world), on: RankTransport(world), passes: passes)
            let exchanged = try GlobalBatch(counts, .batch(.workers(6)), on: RankTransport(world), passes: passes)
            let isFirst = passes == 1
            // The values and two counts for each of ten parameters; in the first pass six digits of each value besides.
            let bytes = 8 * (affineValues + 2 * 10 + (isFirst ? 6 * affineValues : 0))
            XCTAssertEqual(exchanged.bytes - synchronized.bytes, world.size == 1 ? 0 : bytes)
            // Five norms, forward and backward, and the gradients; in the first pass a further one for each parameter.
            XCTAssertEqual(synchronized.messages, world.size == 1 ? 0 : 11 + (isFirst ? 7 : 0))
            XCTAssertEqual(exchanged.messages, world.size == 1 ? 0 : 11 + (isFirst ? 17 : 0))
        }
    }

    func testPerWorkerStatisticsNeedOneMessageAStep() throws {
        let later = try GlobalBatch(counts, .batch(.worker), on: RankTransport(world), passes: 2)
        XCTAssertEqual(later.messages, world.size == 1 ? 0 : 1)
    }
}
