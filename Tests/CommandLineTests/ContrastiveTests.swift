import Foundation
import XCTest

/// `--task contrastive`, from its first step to its table.
final class ContrastiveTests: InterruptionTestCase {
    private static let views = ["--task", "contrastive", "--workers", "4", "--batch", "3", "--train-images", "30"]

    /// What must not depend on ranks or interruptions.
    private func ending(_ run: String) throws -> [String] {
        let files = RunFiles(path: path(run))
        let scores = try XCTUnwrap(files.result()["scores"] as? [String: Double])
        return [
            try files.text("weights_sha256"), "\(try files.number("train_loss"))",
            "\(scores.sorted { $0.key < $1.key })", "\(try files.metrics().map { Array($0.prefix(3)) })",
            try String(contentsOfFile: path("\(run)/epochs.csv"), encoding: .utf8),
        ]
    }

    private func arguments(_ norm: String, out: String, _ options: String...) -> [String] {
        ["train", "--norm", norm, "--dataset", "digits", "--quiet", "--out", out] + Self.views + options
    }

    func testARunHasTheSameBitsOnAnyNumberOfRanks() throws {
        for (norm, shuffled) in [("bn", "false"), ("bn", "true"), ("syncbn", "false")] {
            let endings = try [1, 2, 4].map { ranks in
                let out = "\(norm)-\(shuffled)-\(ranks)"
                try assertWorks(
                    arguments(norm, out: out, "--epochs", "2", "--set", "contrastive.shuffledViews=\(shuffled)"),
                    ranks: ranks)
                return try ending(out)
            }
            XCTAssertEqual(Set(endings).count, 1, "\(norm), shuffled: \(shuffled)")
        }
        XCTAssertNotEqual(try ending("bn-false-1")[0], try ending("bn-true-1")[0])
    }

    func testEveryEpochHasARowWhoseLastAgreesWithTheScores() throws {
        try assertWorks(arguments("bn", out: "run", "--epochs", "2"))
        let rows = try String(contentsOfFile: path("run/epochs.csv"), encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        XCTAssertEqual(
            rows[0],
            [
                "epoch", "part", "images", "loss", "pretext_accuracy_percent", "knn_accuracy_percent",
                "worker_probe_accuracy_percent",
            ])
        XCTAssertEqual(rows.dropFirst().map { Array($0.prefix(3)) }, (1...2).map { ["\($0)", "test", "360"] })
        let files = RunFiles(path: path("run"))
        for (column, score) in [
            (3, "pretext_loss"), (4, "pretext_accuracy_percent"), (5, "knn_accuracy_percent"),
            (6, "worker_probe_accuracy_percent"),
        ] {
            // A JSON reader keeps fewer digits.
            XCTAssertEqual(try XCTUnwrap(Double(rows[2][column])), try files.number(score), accuracy: 1e-12, score)
        }
        XCTAssertEqual(try files.number("test_images"), 360)
    }

    func testAStoppedRunGoesOnOnAnotherNumberOfRanksWithTheSameBits() throws {
        let options = ["--epochs", "40", "--set", "evaluation.every=20"]
        try assertWorks(arguments("bn", out: "whole") + options, ranks: 1)
        let job = try start(arguments("bn", out: "run") + options, ranks: 2)
        try job.waitUntilItListens(ranks: 2)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 3)
        XCTAssertEqual(try ending("run"), try ending("whole"))
    }

    func testAComparisonHasItsScoresAndNoVerdictOnTestErrors() throws {
        let outcome = try assertWorks(
            ["compare", "--dataset", "digits", "--epochs", "1", "--quiet", "--out", "run", "--norms", "bn,syncbn,gn"]
                + Self.views)
        let lines = outcome.outputLines
        let header = try XCTUnwrap(lines.first { $0.hasPrefix("variant") })
        XCTAssertEqual(
            header.split(separator: " ").map(String.init),
            [
                "variant", "statistics", "training", "loss", "kNN", "%", "pretext", "%", "probe", "%", "images/s",
                "seconds", "communication", "%",
            ])
        for norm in ["bn", "syncbn", "gn"] {
            let cells = try XCTUnwrap(lines.first { $0.hasPrefix("\(norm) ") }).split(separator: " ")
            let accuracy = try RunFiles(path: path("run/\(norm)")).number("knn_accuracy_percent")
            XCTAssertEqual(String(cells[3]), String(format: "%.2f", accuracy))
        }
        XCTAssertTrue(lines.allSatisfy { $0.count <= 100 })
        XCTAssertFalse(outcome.output.contains("one seed"), outcome.output)
    }

    func testItsWeightsCanBeEvaluatedExportedAndVerified() throws {
        try assertWorks(arguments("bn", out: "run", "--epochs", "1"))
        let accuracy = String(format: "%.2f", try RunFiles(path: path("run")).number("knn_accuracy_percent"))
        let evaluated = try assertWorks(["eval", "run"], ranks: 3).outputLines
        XCTAssertTrue(evaluated[0].hasPrefix("run (bn), statistics pooled: kNN accuracy \(accuracy)% ("), evaluated[0])
        XCTAssertEqual(evaluated[1], "At the end of training it was \(accuracy)%.")
        try assertWorks(["export", "run", "--pytorch", "weights.safetensors", "--evaluate", "precise"], ranks: 2)
        let exported = try Data(contentsOf: URL(fileURLWithPath: path("weights.safetensors")))
        XCTAssertNotNil(exported.range(of: Data("projection2.weight".utf8)))
        let verified = try assertWorks(
            ["verify", "--dataset", "digits", "--norms", "bn,syncbn"] + Self.views, ranks: 3)
        XCTAssertTrue(verified.output.contains("All are the same bits on 3 ranks as on one."), verified.output)
    }

    func testATaskThatThereIsNotIsRefused() throws {
        try assertRefused(
            ["train", "--task", "contrastiv"],
            "--task contrastiv: expected one of classification, contrastive; did you mean 'contrastive'?")
    }
}
