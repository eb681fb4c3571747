import Foundation
import XCTest

@testable import Reports

/// What the report of a run says about given files.
final class RunReportTests: XCTestCase {
    private func table(_ header: String, _ rows: [String]) -> RecordTable {
        RecordTable(csv: Array(([header] + rows).map { $0 + "\n" }.joined().utf8))
    }

    private func recorded(epochs: Int = 2, trainLoss: Double = 0.25) -> RecordedRun {
        var run = RecordedRun(norm: "bn", dataset: "digits", provenance: .unknown)
        run.result = RunResult(
            command: "train", normalization: "bn", statistics: "worker", ranks: 2, workers: 4, batch: 2,
            epochs: epochs, seed: 1, dataset: "digits", instructionSet: "AVX2", trainLoss: trainLoss,
            scores: ["test_error_percent": 12.5, "test_loss": 0.5], imagesPerSecond: 1234.5, seconds: 61.25,
            communicationShare: 0.125, weightsSha256: "abc")
        return run
    }

    private func lines(_ name: String, _ report: Report) throws -> [LinePlot.Series] {
        let figure = try XCTUnwrap(report.figures.first { $0.name == name }, name)
        guard case .lines(let plot) = figure.content else { throw XCTSkip("\(name) has no lines") }
        return plot.series
    }

    func testTheSummaryHasTheNormTheErrorAndTheTime() {
        XCTAssertEqual(
            recorded().report.summary.map(\.words),
            [
                "bn errs on 12.50% of the test images (4 workers of 2 images each, 2 epochs). "
                    + "Training took 61.2 s on 2 ranks: 1234 images a second."
            ])
    }

    func testARunWithoutAResultTellsWhatBecameOfIt() {
        var run = RecordedRun(norm: "bn", dataset: "digits", provenance: .unknown)
        run.ending = "This run diverged."
        XCTAssertEqual(run.report.summary, ["This run diverged."])
        XCTAssertEqual(run.report.sections, [])
        XCTAssertTrue(run.report.html(Pencil()).contains("<dt>command</dt><dd>not recorded</dd>"))
    }

    /// Two steps an epoch: the training loss of an epoch is the mean of its steps.
    func testTheCurvesAreThoseOfTheFiles() throws {
        var run = recorded()
        run.steps = table("step,loss,rate,seconds", ["1,4,0.5,1", "2,2,0.5,1", "3,1,0.25,1", "4,0.5,0.125,1"])
        run.epochs = table(
            "epoch,part,images,loss,error_percent,training_mode_loss,training_mode_error_percent",
            ["1,test,8,1.5,50,2.5,75", "2,test,8,0.5,12.5,1.25,25"])
        let report = run.report
        XCTAssertEqual(try lines("training-loss", report)[0].points.map(\.y), [4, 2, 1, 0.5])
        XCTAssertEqual(try lines("learning-rate", report)[0].points.map(\.y), [0.5, 0.5, 0.25, 0.125])
        let loss = try lines("loss-over-epochs", report)
        XCTAssertEqual(loss.map(\.name), ["test", "test, training mode", "training"])
        XCTAssertEqual(loss.map { $0.points.map(\.y) }, [[1.5, 0.5], [2.5, 1.25], [3, 0.75]])
        XCTAssertEqual(loss[2].points.map(\.x), [1, 2])
        let error = try lines("error-percent-over-epochs", report)
        XCTAssertEqual(error.map { $0.points.map(\.y) }, [[50, 12.5], [75, 25]])
        XCTAssertTrue(report.markdown.contains("| test error %, training mode | 25.00 |"), report.markdown)
    }

    func testASingleEpochMakesNoCurveAndItsErrorsAreInTheTable() {
        var run = recorded(epochs: 1)
        run.epochs = table("epoch,part,images,error_percent,training_mode_error_percent", ["1,test,8,12.5,25"])
        XCTAssertEqual(run.report.figures, [])
        XCTAssertTrue(run.report.markdown.contains("| test error %, training mode | 25.00 |"))
    }

    func testModesThatAgreeAreSaidToAgree() throws {
        var run = recorded()
        run.epochs = table(
            "epoch,part,images,loss,training_mode_loss", ["1,validation,8,1.5,1.5", "2,validation,8,1,1"])
        let figure = try XCTUnwrap(run.report.figures.first { $0.name == "loss-over-epochs" })
        XCTAssertTrue(figure.description.contains("Both are equal here"), figure.description)
        XCTAssertEqual(
            try lines("loss-over-epochs", run.report).map(\.name), ["validation", "validation, training mode"])
    }

    /// Two ranks of four steps: the means over both, in milliseconds.
    func testTheTimeOfALayerIsTheMeanOverRanksAndSteps() throws {
        func profile(_ rank: Int, forward: Double) -> RankProfile {
            var layer = LayerProfile(name: "dense", ranks: 2)
            layer.forwardSeconds = forward
            layer.waitingSeconds = 0.25
            return RankProfile(
                rank: rank, host: "h", steps: 4, warmUpSteps: 1, seconds: 8, clockErrorSeconds: 0, layers: [layer])
        }
        var run = recorded()
        run.profiles = [profile(0, forward: 1), profile(1, forward: 3)]
        let figure = try XCTUnwrap(run.report.figures.first { $0.name == "time-by-layer" })
        guard case .bars(let bars) = figure.content else { return XCTFail("no bars") }
        XCTAssertEqual(bars.parts, ["forward", "backward", "other", "waiting", "moving"])
        XCTAssertEqual(bars.rows, [BarPlot.Row("dense", values: [500, 0, 0, 62.5, 0])])
    }

    func testTheSmallestOfManyLayersArePutTogetherAndNoTimeIsLost() throws {
        var run = recorded()
        let layers = (1...40).map { number in
            var layer = LayerProfile(name: "layer\(number)", ranks: 1)
            layer.backwardSeconds = Double(number)
            return layer
        }
        run.profiles = [
            RankProfile(
                rank: 0, host: "h", steps: 1, warmUpSteps: 0, seconds: 900, clockErrorSeconds: 0, layers: layers)
        ]
        let figure = try XCTUnwrap(run.report.figures.first { $0.name == "time-by-layer" })
        guard case .bars(let bars) = figure.content else { return XCTFail("no bars") }
        XCTAssertEqual(bars.rows.map(\.label), (22...40).map { "layer\($0)" } + ["21 other rows"])
        XCTAssertEqual(bars.rows.flatMap(\.values).reduce(0, +), 1000 * 820)
    }

    func testTheDistancesOfLayersAreShownOverStepsAndInATableOfAll() throws {
        var run = recorded()
        let header = "step,epoch,layer,workers,mean_distance,variance_distance,largest_mean_distance"
        let rows = [1, 11].flatMap { step in
            (1...9).map { "\(step),1,norm\($0),4,\(Double($0) / Double(step)),\($0 == 9 ? "" : "0.5"),2" }
        }
        run.distances = table(header, rows)
        let report = run.report
        let means = try lines("mean-distance", report)
        XCTAssertEqual(means.map(\.name), ["norm1", "norm2", "norm4", "norm5", "norm7", "norm9"])
        XCTAssertEqual(means[1].points.map(\.x), [1, 11])
        XCTAssertEqual(means[1].points.map(\.y), [2, 2.0 / 11])
        let variances = try lines("variance-distance", report)
        XCTAssertEqual(variances[0].points.map(\.y), [0.5, 0.5])
        XCTAssertTrue(variances[5].points.allSatisfy { $0.y.isNaN })
        XCTAssertTrue(report.markdown.contains("| norm9 | 4.9091 | 0.8182 | none | none |"), report.markdown)
        XCTAssertTrue(report.markdown.contains("Shown are 6 of 9 layers."), report.markdown)
    }

    /// 10,000 steps, 100 epochs, 40 layers, with real drawings.
    func testTheReportOfALargeRunIsSmallerThanAMegabyte() throws {
        var run = recorded(epochs: 100)
        run.steps = table(
            "step,loss,rate,seconds",
            (1...10_000).map { "\($0),\(2.5 / Double($0).squareRoot() + 0.1 * sin(Double($0))),0.01,0.0123456789" })
        run.epochs = table(
            "epoch,part,images,loss,error_percent,training_mode_loss,training_mode_error_percent",
            (1...100).map {
                "\($0),test,10000,\(1 / Double($0)),\(50 / Double($0)),\(2 / Double($0)),\(60 / Double($0))"
            })
        run.distances = table(
            "step,epoch,layer,workers,mean_distance,variance_distance",
            stride(from: 1, through: 10_000, by: 10).flatMap { step in
                (1...40).map {
                    "\(step),1,stage\($0).normalization\($0),32,\(1 / Double(step + $0)),\(0.1 / Double($0))"
                }
            })
        let layers = (1...40).map { LayerProfile(name: "stage\($0).normalization\($0)", ranks: 4) }
        run.profiles = (0..<4).map {
            RankProfile(
                rank: $0, host: "h", steps: 9_997, warmUpSteps: 3, seconds: 900, clockErrorSeconds: 0, layers: layers)
        }
        let report = run.report
        XCTAssertEqual(report.figures.count, 7)
        let html = report.html(Gnuplot())
        XCTAssertLessThanOrEqual(html.utf8.count, 1_000_000)
        XCTAssertLessThanOrEqual(report.markdown.utf8.count, 1_000_000)
        try XCTSkipIf(html.contains("gnuplot-nox"), "gnuplot is not installed: measured without drawings")
    }
}
