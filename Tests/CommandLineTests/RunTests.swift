import Foundation
import XCTest

/// What `normtrain train` leaves behind.
final class RunTests: CommandLineTestCase {
    private var files: RunFiles { RunFiles(path: path("run")) }

    private func digest(_ arguments: [String], ranks: Int = 2) throws -> String {
        try assertWorks(arguments + ["--quiet"], ranks: ranks)
        return try files.text("weights_sha256")
    }

    func testARunWritesItsFilesAndNothingElse() throws {
        try assertWorks(smallRun("syncbn", "--workers", "3", "--seed", "5"))
        XCTAssertEqual(
            try names(in: "run"),
            [
                "config.yaml", "epochs.csv", "events", "metrics.csv", "report.html", "report.md", "result.json",
                "run.json",
                "weights.safetensors",
            ])
        XCTAssertEqual(try names(in: "."), ["run"])
        XCTAssertEqual(
            try files.result().keys.sorted(),
            [
                "batch", "command", "communication_share", "dataset", "epochs", "format", "images_per_second",
                "instruction_set",
                "normalization",
                "ranks", "scores", "seconds", "seed", "statistics", "train_loss", "weights_sha256",
                "workers",
            ])
        for (key, text) in [
            "command": "train", "normalization": "syncbn", "statistics": "world", "dataset": "digits",
        ] {
            XCTAssertEqual(try files.text(key), text, key)
        }
        for (key, number) in ["ranks": 2, "workers": 3, "batch": 2, "epochs": 1, "seed": 5] {
            XCTAssertEqual(try files.number(key), Double(number), key)
        }
        // The rate leaves out the first step, of 2 + 2 + 2 images.
        let rate = try files.number("images_per_second")
        let laterSteps = try files.metrics().dropFirst(2).reduce(0.0) { try $0 + XCTUnwrap(Double($1[3])) }
        XCTAssertGreaterThan(rate * (try files.number("seconds")), 16)
        XCTAssertLessThanOrEqual(rate * laterSteps, 16 * (1 + 1e-9))
        XCTAssertTrue((0...1).contains(try files.number("communication_share")))
    }

    /// 22 images among 3 workers are 8, 7 and 7: four steps of batches of 2, the last of 2 + 1 + 1 images.
    func testTheMetricsHaveARowForEachStep() throws {
        try assertWorks(smallRun("syncbn", "--workers", "3", "--lr", "0.02"))
        let rows = try files.metrics()
        XCTAssertEqual(rows[0], ["step", "loss", "rate", "seconds"])
        XCTAssertEqual(rows.dropFirst().map { $0[0] }, ["1", "2", "3", "4"])
        let losses = try rows.dropFirst().map { try XCTUnwrap(Double($0[1])) }
        let images = [6.0, 6, 6, 4]
        let mean = zip(losses, images).map(*).reduce(0, +) / 22
        XCTAssertEqual(try files.number("train_loss"), mean, accuracy: 1e-12)
        for (step, row) in rows.dropFirst().enumerated() {
            let cosine = 0.02 * (1 + cos(.pi * Double(step) / 4)) / 2
            XCTAssertEqual(try XCTUnwrap(Double(row[2])), cosine, accuracy: 1e-15)
            XCTAssertGreaterThan(try XCTUnwrap(Double(row[3])), 0)
        }
    }

    func testTheDigestIsTheSHA256OfTheTensorsInNameOrder() throws {
        try assertWorks(smallRun("bn", "--workers", "3"))
        let (header, data) = try files.weights()
        var ordered = Data()
        for name in header.keys.sorted() {
            let offsets = try XCTUnwrap(header[name]?["data_offsets"] as? [Int])
            ordered += data[offsets[0]..<offsets[1]]
        }
        XCTAssertEqual(header["normalization1.runningMean"]?["shape"] as? [Int], [3, 32])
        XCTAssertEqual(ordered.count, data.count)
        try ordered.write(to: URL(fileURLWithPath: path("ordered")))
        let sum = try start("sha256sum", ["ordered"])
        XCTAssertEqual(try files.text("weights_sha256"), String(sum.output.prefix(64)))
    }

    func testTheConfigurationOfARunRepeatsIt() throws {
        let options = ["--workers", "3", "--seed", "8", "--batch", "3", "--set", "normalization.momentum=0.3"]
        let first = try digest(smallRun("bn") + options)
        let configuration = try String(contentsOfFile: path("run/config.yaml"), encoding: .utf8)
        XCTAssertEqual(try digest(["train", "--config", "run/config.yaml", "--out", "run"], ranks: 1), first)
        XCTAssertEqual(try String(contentsOfFile: path("run/config.yaml"), encoding: .utf8), configuration)
        XCTAssertNotEqual(try digest(["train", "--config", "run/config.yaml", "--seed", "9", "--out", "run"]), first)
    }

    func testTheNumberOfRanksDoesNotChangeABit() throws {
        let variants = [
            ["--norm", "syncbn"], ["--norm", "gn"], ["--norm", "bn"], ["--norm", "bn", "--statistics", "ghost:2"],
            ["--norm", "bn", "--statistics", "workers:3"],
        ]
        for variant in variants {
            let arguments =
                ["train"] + variant + Self.smallTraining + ["--workers", "3", "--batch", "3", "--out", "run"]
            let digests = try (1...3).map { try digest(arguments, ranks: $0) }
            XCTAssertEqual(Set(digests).count, 1, "\(variant): \(digests)")
        }
    }

    /// Two groups of two workers on three ranks: one group lies on two ranks, and the other on one or two.
    func testGroupsOfWorkersMayLieAcrossRanks() throws {
        let arguments =
            ["train", "--norm", "bn", "--statistics", "workers:2"] + Self.smallTraining
            + ["--workers", "4", "--out", "run"]
        XCTAssertEqual(Set(try (1...3).map { try digest(arguments, ranks: $0) }).count, 1)
    }

    func testMoreWorkersThanImagesLeaveSomeBatchesEmpty() throws {
        for norm in ["syncbn", "bn"] {
            let arguments = smallRun(norm, "--workers", "5", "--train-images", "3")
            XCTAssertEqual(try digest(arguments, ranks: 1), try digest(arguments, ranks: 3), norm)
        }
    }
}
