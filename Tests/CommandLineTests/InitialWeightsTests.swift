import Foundation
import XCTest

/// `--init`: what fits which norm, and that a run keeps to its file.
final class InitialWeightsTests: InterruptionTestCase {
    /// Weights that a short run of `norm` left.
    private func export(_ norm: String, to file: String, seed: Int = 1) throws {
        try assertWorks(smallRun(norm, "--seed", "\(seed)", "--quiet", out: "source"), ranks: 1)
        try assertWorks(["export", "source", "--pytorch", file], ranks: 1)
        try FileManager.default.removeItem(atPath: path("source"))
    }

    func testFilesThatDoNotFitAreRefusedBeforeAnythingIsTrained() throws {
        try export("rms", to: "rms")
        try export("none", to: "none")
        try write("no weights", to: "text")
        let strange =
            "rms: this network takes no tensor normalization1.weight, which has shape [32]: "
            + "give the weights of the same network with a norm that has the same tensors."
        try assertRefused(smallRun("none", "--init", "rms"), strange)
        try assertRefused(
            ["compare", "--norms", "rms,none", "--init", "rms", "--out", "run"] + Self.smallTraining, "none: \(strange)"
        )
        try assertRefused(
            smallRun("bn", "--init", "none"),
            "none: there is no tensor normalization1.weight in it, as in a file of another model.")
        try assertRefused(smallRun("bn", "--init", "lost"), "lost: the file can't be read (there is no such file).")
        try assertRefused(
            smallRun("bn", "--init", "text"),
            "text: the file is corrupt or not safetensors: its header claims 7523097587056930670 bytes, "
                + "the format allows 100000000.")
    }

    func testRunningStatisticsAreLeftOutWithANoticeWhereTheNormHasNone() throws {
        try export("syncbn", to: "weights")
        let outcome = try assertWorks(
            ["compare", "--norms", "syncbn,gn,bn", "--init", "weights", "--out", "run"] + Self.smallTraining)
        let notices = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("normtrain: ") }
        XCTAssertEqual(
            notices, ["normtrain: weights: gn has no running statistics; those of the file are left out."])
    }

    func testARepeatedRunInsistsOnItsFile() throws {
        try export("none", to: "weights")
        try assertWorks(smallRun("none", "--init", "weights"))
        let repetition = ["train", "--config", "run/config.yaml", "--out", "again", "--quiet"]
        try assertWorks(repetition)
        XCTAssertEqual(
            try RunFiles(path: path("again")).text("weights_sha256"),
            try RunFiles(path: path("run")).text("weights_sha256"))
        func digest() throws -> Substring { try start("sha256sum", ["weights"]).output.prefix(64) }
        let expected = try digest()
        try export("none", to: "weights", seed: 2)
        try assertRefused(
            repetition,
            path("weights") + ": its SHA-256 is \(try digest()), but model.initialWeightsSHA256 is \(expected): "
                + "put the file back that the run began with, or set that key to null.")
    }

    func testAResumedRunDoesNotNeedItsFile() throws {
        try export("bn", to: "weights")
        try assertWorks(arguments("--init", "weights", out: "whole"))
        try stopEarly("--init", "weights")
        try FileManager.default.removeItem(atPath: path("weights"))
        try assertWorks(["resume", "run", "--quiet"])
        XCTAssertEqual(try FinalState(path("run")), try FinalState(path("whole")))
    }

    /// A comparison that was stopped before its second variant.
    func testAResumedComparisonBeginsLaterVariantsWithTheSameFileOrNotAtAll() throws {
        try export("bn", to: "weights")
        try assertWorks(
            ["compare", "--norms", "bn,gn", "--init", "weights", "--out", "run", "--quiet"] + Self.smallTraining)
        let whole = try RunFiles(path: path("run/gn")).text("weights_sha256")
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        try FileManager.default.removeItem(atPath: path("run/gn"))
        try FileManager.default.moveItem(atPath: path("weights"), toPath: path("kept"))
        try export("bn", to: "weights", seed: 2)
        let outcome = try normtrain(["resume", "run", "--quiet"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.errors.hasPrefix("normtrain: \(path("weights")): its SHA-256 is "), outcome.errors)
        try FileManager.default.removeItem(atPath: path("weights"))
        try FileManager.default.moveItem(atPath: path("kept"), toPath: path("weights"))
        try assertWorks(["resume", "run", "--quiet"])
        XCTAssertEqual(try RunFiles(path: path("run/gn")).text("weights_sha256"), whole)
    }
}
