import XCTest

@testable import Reports

/// What `normtrain bench` prints about given measurements.
final class BenchmarkReportTests: XCTestCase {
    private func peak(gflops: Double) -> ProcessorPeak {
        ProcessorPeak(gflopsPerCore: 100, gflops: gflops, source: .chains)
    }

    private func figures(
        model: String = "cnn", optimiser: String = "sgd", workers: Int, batch: Int, stepSeconds: [Double],
        peak: ProcessorPeak
    ) -> StepFigures {
        StepFigures(
            StepFigures.Setting(
                norm: "syncbn", statistics: "world", model: model, optimiser: optimiser, reduction: "exact",
                convolution: "fastest", workers: workers, batch: batch),
            StepFigures.Measurements(
                stepSeconds: stepSeconds, convolutionSeconds: [0.125, 0.25, 4], bytes: 4_000_000, messages: 44,
                communicationShare: 0.5, peakMemoryBytes: 123_456_789, newBuffers: 0),
            ranks: 2, flopsPerImage: 1_000_000_000, peak: peak)
    }

    func testFiguresFollowFromTheMedianStep() {
        let row = figures(workers: 4, batch: 8, stepSeconds: [0.4, 0.5, 9, 0.5], peak: peak(gflops: 128))
        XCTAssertEqual(row.steps, 4)
        XCTAssertEqual(row.imagesPerSecond, 64)
        XCTAssertEqual(row.mflopPerImage, 1000)
        XCTAssertEqual(row.gflops, 64)
        XCTAssertEqual(row.gflopsPerRank, 32)
        XCTAssertEqual(row.shareOfPeak, 0.5)
        XCTAssertEqual(row.convolutionSeconds, 0.25)
        XCTAssertEqual(row.stepOverConvolutions, 2)
        XCTAssertEqual(row.bytesPerStep, 1_000_000)
        XCTAssertEqual(row.messagesPerStep, 11)
    }

    func testTheTablesFit100ColumnsWithLargeFigures() {
        let peak = peak(gflops: 100_000)
        for (workers, batch, seconds) in [(2, 1, 0.001), (16_384, 99, 900), (64, 1024, 5)] {
            let report = StepReport(
                ranks: 2, instructionSet: "AVX512_CORE_BF16", dataset: "fashion-mnist", peak: peak,
                rows: [figures(workers: workers, batch: batch, stepSeconds: [seconds], peak: peak)])
            let lines = report.description.split(separator: "\n")
            XCTAssertEqual(lines.count { $0.hasPrefix("syncbn ") }, 2, report.description)
            XCTAssertTrue(lines.allSatisfy { $0.count <= 100 }, report.description)
        }
    }

    func testWhatAllRowsShareIsToldOnceAndWhatTheyDoNotHasAColumn() {
        let peak = peak(gflops: 100)
        func report(_ models: [String], _ optimisers: [String]) -> [Substring] {
            let rows = zip(models, optimisers).map {
                figures(model: $0, optimiser: $1, workers: 16_384, batch: 99, stepSeconds: [900], peak: peak)
            }
            return StepReport(
                ranks: 2, instructionSet: "AVX512_CORE_BF16", dataset: "fashion-mnist", peak: peak, rows: rows
            ).description.split(separator: "\n")
        }
        let one = report(["cnn"], ["sgd"])
        let common = "reduction exact, convolution fastest, workers 16384, batch 99"
        XCTAssertTrue(
            one.joined(separator: " ").contains("the same in all rows: model cnn, optimiser sgd, \(common) "), "\(one)")
        XCTAssertEqual(one.count { $0.hasPrefix("norm    step") }, 2, "\(one)")
        let two = report(["cnn", "resnet20"], ["sgd", "adamw"])
        XCTAssertTrue(two.joined(separator: " ").contains("the same in all rows: \(common) "), "\(two)")
        XCTAssertEqual(two.count { $0.hasPrefix("syncbn  resnet20  adamw ") }, 2, "\(two)")
        XCTAssertTrue(two.allSatisfy { $0.count <= 100 }, "\(two)")
    }

    func testTheKeysOfJSONAreInSnakeCase() throws {
        let report = StepReport(
            ranks: 2, instructionSet: "AVX2", dataset: "digits", peak: peak(gflops: 128),
            rows: [figures(workers: 2, batch: 2, stepSeconds: [1], peak: peak(gflops: 128))])
        let text = try JSON.text(report)
        for key in [
            "instruction_set", "gflops_per_core", "step_seconds", "images_per_second", "share_of_peak",
            "step_over_convolutions", "bytes_per_step", "peak_memory_bytes", "new_buffers", "mflop_per_image",
        ] { XCTAssertTrue(text.contains("\"\(key)\" : "), "\(key) in \(text)") }
    }

    func testQuantilesLieBetweenTheMeasurements() {
        let eleven = Quantiles([5, 1, 11, 3, 9, 7, 2, 10, 4, 8, 6])
        XCTAssertEqual([eleven.tenth, eleven.median, eleven.ninetieth], [2, 6, 10])
        let two = Quantiles([10, 0])
        XCTAssertEqual([two.tenth, two.median, two.ninetieth], [1, 5, 9])
        XCTAssertEqual(Quantiles([3]).ninetieth, 3)
    }

    func testTheShareOfAKernelThatOnlyReadsIsThatOfAPlainRead() {
        func figures(onlyReads: Bool) -> KernelFigures {
            KernelFigures(
                kernel: "example", shape: "", place: .cache, bytes: 3_000_000_000, onlyReads: onlyReads, seconds: 2,
                copySeconds: 1, readSeconds: 0.5)
        }
        XCTAssertEqual(figures(onlyReads: true).gbPerSecond, 1.5)
        XCTAssertEqual(figures(onlyReads: true).share, 0.25)
        XCTAssertEqual(figures(onlyReads: false).share, 0.5)
    }

    func testMillisecondsKeepAboutFourDigits() {
        XCTAssertEqual(
            [0.000_012_3, 0.009_87, 0.123_4, 12.3456].map(shown(milliseconds:)), ["0.012", "9.870", "123.4", "12346"])
    }
}
