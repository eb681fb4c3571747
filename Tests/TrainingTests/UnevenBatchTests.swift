import MPI
import Models
import Normalization
import OneDNN
import Training
import XCTest

/// Loss and gradients are those of the global batch, however unevenly its images are dealt to workers.
final class UnevenBatchTests: TrainingTestCase {
    /// Twelve images each.
    private let deals = [
        [4, 3, 3, 1, 1], [7, 0, 0, 0, 5], [0, 0, 0, 0, 12], [12, 0, 0, 0, 0], [1, 0, 3, 2, 0, 1, 2, 0, 0, 1, 2, 0],
    ]

    func testSynchronizedBatchNormIsBatchNormOverTheWholeBatch() throws {
        for convolution in ConvolutionChoice.allCases { try checkSynchronizedBatchNorm(convolution) }
    }

    private func checkSynchronizedBatchNorm(_ convolution: ConvolutionChoice) throws {
        let whole = try GlobalBatch([12], .batch(.worker), convolution, on: TimedCommunicator(alone))
        for deal in deals {
            let dealt = try GlobalBatch(deal, .batch(.world), convolution, on: TimedCommunicator(world))
            assertEqual(dealt, whole, convolution, "\(deal)")
            for (layer, twin) in zip(dealt.network.batchNormalizations, whole.network.batchNormalizations) {
                XCTAssertLessThanOrEqual(
                    relativeError(layer.running.mean.array, twin.running.mean.array), 1e-6, "\(deal) \(layer.name)")
                XCTAssertLessThanOrEqual(
                    relativeError(layer.running.variance.array, twin.running.variance.array), 1e-6,
                    "\(deal) \(layer.name)")
            }
        }
    }

    func testPerWorkerBatchNormIsNot() throws {
        let whole = try GlobalBatch([12], .batch(.worker), on: TimedCommunicator(alone))
        let dealt = try GlobalBatch(deals[0], .batch(.worker), on: TimedCommunicator(world))
        XCTAssertGreaterThan(abs(dealt.loss - whole.loss), 1e-4)
    }

    func testGroupNormDoesNotSeeTheWorkers() throws {
        for convolution in ConvolutionChoice.allCases {
            let whole = try GlobalBatch([12], .group, convolution, on: TimedCommunicator(alone))
            for deal in deals {
                let dealt = try GlobalBatch(deal, .group, convolution, on: TimedCommunicator(world))
                assertEqual(dealt, whole, convolution, "\(deal)")
            }
        }
    }

    private func assertEqual(
        _ batch: GlobalBatch, _ expected: GlobalBatch, _ convolution: ConvolutionChoice, _ note: String,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertEqual(batch.loss, expected.loss, accuracy: 1e-6 * expected.loss, note, file: file, line: line)
        for (index, parameter) in batch.network.parameters.enumerated() {
            // In which order oneDNN adds the products of all pixels in Float shows most in the first convolution: with group
            // norm, whose statistics don't see the workers, as much as with batch norm.
            // Winograd's algorithm rounds the sum over twelve images otherwise than sums over parts of them.
            let isWinograds = convolution == .fastest && parameter.tensor.shape.count == 4
            let tolerance = parameter.name == "convolution1.weight" || isWinograds ? 3e-6 : 1e-6
            XCTAssertLessThanOrEqual(
                relativeError(batch.gradients[index], expected.gradients[index]), tolerance,
                "\(note) \(parameter.name)", file: file, line: line)
        }
    }
}
