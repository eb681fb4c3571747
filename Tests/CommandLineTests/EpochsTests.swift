import Foundation
import XCTest

/// `epochs.csv`.
final class EpochsTests: CommandLineTestCase {
    private static let columns = [
        "epoch", "part", "images", "loss", "error_percent", "training_mode_loss", "training_mode_error_percent",
    ]

    private func rows() throws -> [[String]] {
        let text = try String(contentsOfFile: path("run/epochs.csv"), encoding: .utf8)
        XCTAssertTrue(text.hasSuffix("\n"))
        return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }

    func testEveryEpochHasARowWhoseLastAgreesWithTheFinalTest() throws {
        try assertWorks(smallRun("bn", "--workers", "3", "--epochs", "3", "--quiet"))
        let rows = try rows()
        XCTAssertEqual(rows[0], Self.columns)
        XCTAssertEqual(rows.dropFirst().map { Array($0.prefix(3)) }, (1...3).map { ["\($0)", "test", "360"] })
        let files = RunFiles(path: path("run"))
        XCTAssertEqual(try XCTUnwrap(Double(rows[3][3])), try files.number("test_loss"), accuracy: 1e-12)
        XCTAssertEqual(Double(rows[3][4]), try files.number("test_error_percent"))
    }

    func testValidationImagesTakeThePlaceOfTestImages() throws {
        try assertWorks(smallRun("bn", "--set", "dataset.validation=50", "--quiet"))
        XCTAssertEqual(try rows().dropFirst().map { Array($0.prefix(3)) }, [["1", "validation", "50"]])
    }

    func testRowsComeEverySoManyEpochsAndAfterTheLast() throws {
        for (every, epochs) in [(2, ["2", "4", "5"]), (3, ["3", "5"])] {
            try assertWorks(smallRun("gn", "--epochs", "5", "--set", "evaluation.every=\(every)", "--quiet"))
            XCTAssertEqual(try rows().dropFirst().map { $0[0] }, epochs)
        }
        try assertWorks(smallRun("gn", "--set", "evaluation.every=0", "--quiet"))
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/epochs.csv")))
    }

    /// Running statistics of one epoch are still near their beginning, 0 and 1: batches of their own are told apart better.
    func testPerWorkerBatchNormHasAGapBetweenTheTwoErrors() throws {
        try assertWorks(
            smallRun("bn", "--workers", "2", "--batch", "8", "--set", "dataset.trainImages=200", "--quiet"))
        let row = try rows()[1]
        let (running, batches) = (try XCTUnwrap(Double(row[4])), try XCTUnwrap(Double(row[6])))
        XCTAssertNotEqual(running, batches)
        XCTAssertNotEqual(row[3], row[5])
    }
}
