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
        let whole = try GlobalBatch([12], .batch(.worker), convolution, on: RankTransport(alone))
        for deal in deals {
            let dealt = try GlobalBatch(deal, .batch(.world), convolution, on: RankTransport(world))
            assertEqual(dealt, whole, convolution, "\(deal)")
            XCTAssertEqual(dealt.network.state.count, 3 * 5)
            for (state, twin) in zip(dealt.network.state, whole.network.state) {
                XCTAssertLessThanOrEqual(relativeError(state.floats, twin.floats), 1e-6, "\(deal) \(state.name)")
                XCTAssertEqual(state.counts, twin.counts, "\(deal) \(state.name)")
            }
        }
    }

    func testPerWorkerBatchNormIsNot() throws {
        let whole = try GlobalBatch([12], .batch(.worker), on: RankTransport(alone))
        let dealt = try GlobalBatch(deals[0], .batch(.worker), on: RankTransport(world))
        XCTAssertGreaterThan(abs(dealt.loss - whole.loss), 1e-4)
    }

    func testGroupNormDoesNotSeeTheWorkers() throws {
        for convolution in ConvolutionChoice.allCases {
            let whole = try GlobalBatch([12], .group, convolution, on: RankTransport(alone))
            for deal in deals {
                let dealt = try GlobalBatch(deal, .group, convolution, on: RankTransport(world))
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
