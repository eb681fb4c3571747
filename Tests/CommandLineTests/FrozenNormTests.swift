import Foundation
import XCTest

/// Going on with the statistics of pre-trained weights.
final class FrozenNormTests: CommandLineTestCase {
    private func export(_ norm: String, to file: String) throws {
        try assertWorks(smallRun(norm, "--quiet", out: "source"), ranks: 1)
        try assertWorks(["export", "source", "--pytorch", file], ranks: 1)
        try FileManager.default.removeItem(atPath: path("source"))
    }

    func testWithoutAFileThereAreNoStatistics() throws {
        let reason = "expected a file of weights with running statistics, since the norm 'frozenbn' has none of its own"
        for command in [
            smallRun("frozenbn"), ["compare", "--norms", "bn,frozenbn", "--out", "run"] + Self.smallTraining,
        ] {
            let outcome = try normtrain(command)
            XCTAssertNotEqual(outcome.status, 0)
            XCTAssertTrue(outcome.errors.contains(reason), outcome.errors)
            XCTAssertEqual(outcome.errors.split(separator: "\n").count, 1, outcome.errors)
        }
        try export("gn", to: "weights")
        let outcome = try normtrain(smallRun("frozenbn", "--init", "weights"))
        XCTAssertTrue(outcome.errors.contains("normalization1.running_mean"), outcome.errors)
    }

    func testARunKeepsTheStatisticsOfItsFileAndItsBitsDoNotDependOnTheRanks() throws {
        try export("syncbn", to: "weights")
        var digests: Set<String> = []
        for ranks in 1...3 {
            let out = "run\(ranks)"
            try assertWorks(
                smallRun("frozenbn", "--init", "weights", "--workers", "3", "--quiet", out: out), ranks: ranks)
            digests.insert(try RunFiles(path: path(out)).text("weights_sha256"))
        }
        XCTAssertEqual(digests.count, 1)
        let trained = try RunFiles(path: path("run1")).tensors()
        XCTAssertEqual(trained["normalization1.variance"]?.count, 4 * 32)

        // With any statistics of evaluation it has but these.
        var errors: Set<String> = []
        for statistics in ["pooled", "worker0", "precise", "layerwise", "batch"] {
            let outcome = try assertWorks(["eval", "run1", "--evaluate", statistics], ranks: 1)
            errors.insert(outcome.output.replacing("statistics \(statistics)", with: ""))
            try assertWorks(["export", "run1", "--pytorch", statistics, "--evaluate", statistics], ranks: 1)
            errors.insert(try start("sha256sum", [statistics]).output.prefix(64).description)
        }
        XCTAssertEqual(errors.count, 2, "\(errors)")
    }

    func testGroupsOfSomeChannelsAreThoseOfSoManyGroups() throws {
        try assertWorks(smallRun("gn", "--groups", "32", "--model", "head", "--quiet", out: "groups"))
        try assertWorks(smallRun("gn", "--channels-per-group", "2", "--model", "head", "--quiet", out: "channels"))
        XCTAssertEqual(
            try RunFiles(path: path("groups")).text("weights_sha256"),
            try RunFiles(path: path("channels")).text("weights_sha256"))
        let outcome = try normtrain(smallRun("gn", "--channels-per-group", "5"))
        XCTAssertEqual(
            outcome.errors,
            "normtrain: --channels-per-group 5: expected a divisor of the channels of every layer, and there is one of "
                + "32.\n")
    }
}
