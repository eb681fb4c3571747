import XCTest

@testable import Experiments

/// What `normtrain bench` prints about given measurements.
final class BenchmarkReportTests: XCTestCase {
    private func peak(gigaflops: Double) throws -> ProcessorPeak {
        let text = #"{"gflops": \#(gigaflops), "gflops_per_core": 100, "source": "multiply-add chains"}"#
        return try JSONDecoder().decode(ProcessorPeak.self, from: Data(text.utf8))
    }

    private func figures(workers: Int, batch: Int, stepSeconds: [Double], peak: ProcessorPeak) -> StepFigures {
        var configuration = Configuration()
        configuration.workers = workers
        configuration.training.batch = batch
        return StepFigures(
            RunPlan(configuration, norm: .synchronizedBatchNorm, ranks: 2), ranks: 2, flopsPerImage: 1_000_000_000,
            peak: peak, stepSeconds: Quantiles(stepSeconds), steps: 4, convolutionSeconds: 0.25, bytes: 4_000_000,
            messages: 44, communicationShare: 0.5, peakMemoryBytes: 123_456_789, newBuffers: 0)
    }

    func testFiguresFollowFromTheMedianStep() throws {
        let row = figures(workers: 4, batch: 8, stepSeconds: [0.4, 0.5, 9], peak: try peak(gigaflops: 128))
        XCTAssertEqual(row.imagesPerSecond, 64)
        XCTAssertEqual(row.gigaflops, 64)
        XCTAssertEqual(row.gigaflopsPerRank, 32)
        XCTAssertEqual(row.shareOfPeak, 0.5)
        XCTAssertEqual(row.stepOverConvolutions, 2)
        XCTAssertEqual(row.bytesPerStep, 1_000_000)
        XCTAssertEqual(row.messagesPerStep, 11)
        XCTAssertEqual(row.statistics, "world")
        XCTAssertEqual(row.convolution, "fastest")
    }

    func testTheTablesFit100ColumnsWithLargeFigures() throws {
        let peak = try peak(gigaflops: 100_000)
        for (workers, batch, seconds) in [(2, 1, 0.001), (16_384, 99, 900), (64, 1024, 5)] {
            let report = StepReport(
                ranks: 2, instructionSet: "AVX512_CORE_BF16", dataset: "fashion-mnist", flopsPerImage: 1, peak: peak,
                rows: [figures(workers: workers, batch: batch, stepSeconds: [seconds], peak: peak)])
            let lines = report.description.split(separator: "\n")
            XCTAssertEqual(lines.count { $0.hasPrefix("syncbn  exact ") }, 2, report.description)
            XCTAssertTrue(lines.allSatisfy { $0.count <= 100 }, report.description)
        }
    }

    func testMillisecondsKeepAboutFourDigits() {
        XCTAssertEqual(
            [0.000_012_3, 0.009_87, 0.123_4, 12.3456].map(shown(milliseconds:)), ["0.012", "9.870", "123.4", "12346"])
    }
}
