import XCTest

@testable import Reports

/// What the report of a study shows.
final class StudyReportTests: XCTestCase {
    /// bn and syncbn at 2, 4 and 8 images, three seeds; bn errs on 200 + 10·seed, syncbn on 100 + 10·seed of 1000.
    private func study(levels: [String] = ["2", "4", "8"]) throws -> RecordedStudy {
        var trials: [RecordedStudy.Trial] = []
        for seed in 1...3 {
            for norm in ["bn", "syncbn"] {
                for batch in levels {
                    var trial = RecordedStudy.Trial(
                        label: "norm=\(norm),batch=\(batch),seed=\(seed)", levels: [norm, batch], seed: seed,
                        state: "finished", folder: "trials/\(norm)-\(batch)-\(seed)")
                    let wrong = (norm == "bn" ? 200 : 100) + 10 * seed
                    trial.result = RunResult(
                        command: "study", normalization: norm, statistics: "worker", ranks: 1, workers: 4, batch: 2,
                        epochs: 1, seed: seed, dataset: "digits", instructionSet: "AVX2", trainLoss: 0.5,
                        scores: [
                            "test_error_percent": Double(wrong) / 10, "wrong_test_images": Double(wrong),
                            "test_images": 1000,
                        ], imagesPerSecond: 1, seconds: Double(seed), communicationShare: 0, weightsSha256: "ab12")
                    trial.epochs = RecordTable(
                        csv: Array("epoch,error_percent,training_mode_error_percent\n1,30,20\n2,\(20 + seed),15\n".utf8)
                    )
                    trials.append(trial)
                }
            }
        }
        let sides = try ["bn", "syncbn"].map { norm in
            try trials.filter { $0.levels == [norm, levels[0]] }.map { trial in
                try SeedErrors(
                    seed: trial.seed, wrongImages: Int(trial.result?.scores["wrong_test_images"] ?? 0), testImages: 1000
                )
            }
        }
        let contrast = PlannedContrast(
            name: "bn against syncbn", first: "norm=bn, batch=2", second: "norm=syncbn, batch=2",
            differences: try PairedDifferences(first: sides[0], second: sides[1]),
            claim: try Claim(.firstHigher, source: "a paper"))
        return RecordedStudy(
            name: "a <b> & c_d %", question: "Does it matter?",
            axes: [
                .init(name: "norm", title: "norm", levels: ["bn", "syncbn"]),
                .init(name: "batch", title: "images per worker", levels: levels),
            ], seeds: [1, 2, 3], contrasts: Contrast.family([contrast]), trials: trials,
            provenance: Provenance(command: nil, configuration: "name: x", facts: [], repetition: "again"))
    }

    private func figure(_ name: String, of report: Report) throws -> Figure {
        try XCTUnwrap(report.figures.first { $0.name == name }, name)
    }

    func testAnAxisOfNumbersHasALineForEachSettingOfTheOthersWithEverySeed() throws {
        let error = try figure("test-error", of: study().report)
        XCTAssertEqual(error.title, "Test error against images per worker")
        guard case .lines(let plot) = error.content else { return XCTFail("no lines") }
        XCTAssertTrue(plot.x.isLogarithmic)
        XCTAssertEqual(plot.x.ticks.map(\.label), ["2", "4", "8"])
        XCTAssertEqual(plot.series.map(\.name), ["bn", "syncbn"])
        XCTAssertEqual(plot.series[0].points.map(\.x), [2, 4, 8])
        XCTAssertEqual(plot.series[1].points.map(\.y), [12, 12, 12])
        XCTAssertEqual(plot.series[0].marks.count, 9)
        // Of 21, 22, 23, with the closed form of the quantile for two degrees of freedom, (2p − 1)√(2/(4p(1 − p))).
        let band = try XCTUnwrap(plot.series[0].points[0].band)
        XCTAssertEqual(band.lowerBound, 22 - 4.302652729749464 / 3.0.squareRoot(), accuracy: 1e-12)
        XCTAssertEqual(band.upperBound, 22 + 4.302652729749464 / 3.0.squareRoot(), accuracy: 1e-12)
    }

    func testSettingsWithoutAnAxisOfNumbersStandBelowEachOther() throws {
        let error = try figure("test-error", of: study(levels: ["small", "large", "huge"]).report)
        guard case .intervals(let plot) = error.content else { return XCTFail("no rows") }
        XCTAssertEqual(plot.rows.count, 6)
        XCTAssertEqual(plot.rows[0].label, "norm=bn, batch=small")
        XCTAssertEqual(plot.rows[0].mean, 22)
        XCTAssertEqual(plot.rows[0].marks.map(\.x), [21, 22, 23])
    }

    func testEvaluationIsHeldAgainstTrainingMode() throws {
        let modes = try figure("evaluation-less-training-mode", of: study().report)
        guard case .lines(let plot) = modes.content else { return XCTFail("no lines") }
        XCTAssertEqual(plot.series[0].points[0].y, 7)
        XCTAssertEqual(plot.series[0].marks.map(\.y).prefix(3), [6, 7, 8])
    }

    func testContrastsShowEveryPairInPoints() throws {
        let contrasts = try figure("contrasts", of: study().report)
        guard case .intervals(let plot) = contrasts.content else { return XCTFail("no rows") }
        XCTAssertEqual(plot.rows[0].mean, 10)
        XCTAssertEqual(plot.rows[0].marks.map(\.x), [10, 10, 10])
        XCTAssertEqual(plot.rows[0].marks.map(\.label), ["seed 1", "seed 2", "seed 3"])
    }

    func testTheReportSaysWhatIsMissingAndLinksEveryTrial() throws {
        var study = try study()
        study.trials[0].result = nil
        study.trials[0].state = "diverged"
        study.trials[0].reason = "the loss is not finite"
        let page = study.report.markdown
        XCTAssertTrue(page.contains("17 of 18 trials over 3 seeds have finished"), page)
        XCTAssertTrue(page.contains("diverged: the loss is not finite"), page)
        XCTAssertTrue(page.contains("1 undecided"), page)
        XCTAssertFalse(page.contains("significant"))
        let html = study.report.html(NoDrawing())
        XCTAssertFalse(html.contains("a <b> & c_d %"))
        XCTAssertTrue(html.contains("a &lt;b&gt; &amp; c_d %"))
        XCTAssertTrue(html.contains("href=\"./trials/bn-2-1/\""), "no link to the first trial")
    }

    func testALargeStudyStaysBelowAMegabyte() throws {
        var study = try study()
        let trials = study.trials
        study.trials = (0..<14).flatMap { round in
            trials.map { trial in
                var other = trial
                other.seed += 3 * round
                return other
            }
        }
        XCTAssertLessThan(study.report.html(NoDrawing()).utf8.count, 1_000_000)
    }
}

private struct NoDrawing: FigureDrawing {
    struct Missing: Error, CustomStringConvertible { let description = "none" }

    func svg(of figure: Figure) throws -> String { throw Missing() }
}
