import XCTest

@testable import Reports

/// `results.csv`.
final class ResultsCSVTests: XCTestCase {
    private func axes(_ pairs: KeyValuePairs<String, String>) -> [TrialRow.AxisValue] {
        pairs.map { TrialRow.AxisValue(key: $0.key, value: $0.value) }
    }

    private func figures(_ scores: [String: Double], trainLoss: Double) -> TrialRow.Figures {
        TrialRow.Figures(scores: scores, trainLoss: trainLoss, weightsSha256: "1a2b")
    }

    func testATrialIsARowWithCountsThatAreWhole() {
        let scores = ["wrong_test_images": 1801, "test_images": 10_000, "test_loss": 0.1 + 0.2]
        XCTAssertEqual(
            resultsCSV([
                TrialRow(
                    trial: "t-1", axes: axes(["norm": "bn", "batch": "2"]), seed: 3,
                    figures: figures(scores, trainLoss: 1e-7)),
                TrialRow(trial: "t-2", axes: axes(["norm": "gn"]), seed: 4, without: .failed),
                TrialRow(
                    trial: "t-3", axes: axes(["norm": "gn"]), seed: 5, figures: figures(["other": -0.5], trainLoss: 2)),
            ]),
            """
            norm,batch,seed,status,other,test_images,test_loss,wrong_test_images,train_loss,weights_sha256,trial
            bn,2,3,finished,,10000,0.30000000000000004,1801,1e-07,1a2b,t-1
            gn,,4,failed,,,,,,,t-2
            gn,,5,finished,-0.5,,,,2,1a2b,t-3

            """)
    }

    func testFiguresThatAreNoneAreWrittenAsTheyAre() {
        XCTAssertTrue(
            resultsCSV([
                TrialRow(trial: "t", axes: [], seed: 1, figures: figures(["loss": .nan], trainLoss: .infinity))
            ]).hasSuffix("\n1,finished,nan,inf,1a2b,t\n"))
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
