import XCTest

@testable import Reports

/// `results.csv`.
final class ResultsCSVTests: XCTestCase {
    private func axes(_ pairs: KeyValuePairs<String, String>) -> [TrialRow.AxisValue] {
        pairs.map { TrialRow.AxisValue(key: $0.key, value: $0.value) }
    }

    private let figures = TrialRow.Figures(
        wrongImages: 1801, testImages: 10_000, testLoss: 0.1 + 0.2, trainLoss: 1e-7, seconds: 61.25,
        weightsSha256: "1a2b")

    func testATrialIsARow() {
        XCTAssertEqual(
            resultsCSV([
                TrialRow(trial: "t-1", axes: axes(["model.norm": "bn", "batch": "2"]), seed: 3, figures: figures),
                TrialRow(trial: "t-2", axes: axes(["model.norm": "gn"]), seed: 4, without: .failed),
            ]),
            """
            model.norm,batch,seed,status,test_images,wrong_images,test_error_percent,test_loss,train_loss,seconds,\
            weights_sha256,trial
            bn,2,3,finished,10000,1801,18.01,0.30000000000000004,1e-07,61.25,1a2b,t-1
            gn,,4,failed,,,,,,,,t-2

            """)
    }

    func testFiguresThatAreNoneAreWrittenAsTheyAre() {
        let diverged = TrialRow.Figures(
            wrongImages: 9, testImages: 0, testLoss: nil, trainLoss: .nan, seconds: 0, weightsSha256: "")
        XCTAssertTrue(
            resultsCSV([TrialRow(trial: "t", axes: [], seed: 1, figures: diverged)])
                .hasSuffix("\n1,finished,0,9,,,nan,0.0,,t\n"))
        XCTAssertTrue(resultsCSV([]).hasPrefix("seed,status,"))
    }

    func testCellsAreQuotedWhereTheyMustBe() {
        XCTAssertEqual(
            csv(
                header: ["plain", "100 % _ & <"],
                rows: [["a,b", "say \"x\""], ["two\nlines", "two\r\nlines"], ["\r", "\""], ["", " "]]),
            "plain,100 % _ & <\n\"a,b\",\"say \"\"x\"\"\"\n\"two\nlines\",\"two\r\nlines\"\n\"\r\",\"\"\"\"\n, \n")
    }
}
