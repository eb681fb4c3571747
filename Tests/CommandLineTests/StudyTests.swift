import Foundation
import XCTest

/// `normtrain study`: what it leaves, whoever carried it out.
final class StudyTests: StudyTestCase {
    func testAStudyLeavesTheSameBytesOnAnyNumberOfRanks() throws {
        try write(Self.small, to: "s.yaml")
        let alone = try study()
        XCTAssertEqual(alone.status, 0, alone.errors)
        XCTAssertEqual(try study("--quiet", ranks: 3, out: "apart").status, 0)
        XCTAssertEqual(try study("--quiet", "--ranks-per-trial", "1", ranks: 2, out: "two").status, 0)
        for name in ["results.csv", "contrasts.csv", "study.yaml"] {
            for other in ["apart", "two"] {
                XCTAssertEqual(try text("\(other)/\(name)"), try text("study/\(name)"), "\(other)/\(name)")
            }
        }
        XCTAssertEqual(try trials(), try trials("apart"))
        let rows = try results()
        XCTAssertEqual(rows.map { $0["seed"] }, ["1", "1", "1", "1", "2", "2", "2", "2"])
        XCTAssertTrue(rows.allSatisfy { $0["status"] == "finished" && $0["test_images"] == "360" })
        // With a single worker both norms are the same.
        XCTAssertEqual(rows[1]["weights_sha256"], rows[3]["weights_sha256"])
        XCTAssertNotEqual(rows[0]["weights_sha256"], rows[2]["weights_sha256"])
    }

    func testATrialIsTheTrainingOfItsConfiguration() throws {
        try write(Self.small, to: "s.yaml")
        XCTAssertEqual(try study("--only", "norm=bn", "--only", "batch=2", "--only", "seed=2").status, 0)
        let name = try XCTUnwrap(trials().first)
        XCTAssertEqual(try trials().count, 1)
        XCTAssertTrue(name.hasPrefix("norm=bn,batch=2,seed=2-"), name)
        try assertWorks(
            ["train", "--norm", "bn", "--batch", "2", "--workers", "4", "--seed", "2", "--out", "run", "--dataset"]
                + ["digits", "--train-images", "24", "--epochs", "1"])
        XCTAssertEqual(
            try trial(name).text("weights_sha256"), try RunFiles(path: path("run")).text("weights_sha256"))
        let others = try results().filter { $0["status"] == "finished" }
        XCTAssertEqual(others.count, 1)
    }

    func testWhatIsFinishedIsNeverRepeatedAndAChangedStudySaysWhatStays() throws {
        try write(Self.small, to: "s.yaml")
        XCTAssertEqual(try study("--quiet").status, 0)
        let before = try moments()
        let again = try study()
        XCTAssertEqual(again.errors, "next: open study/report.html\n")
        XCTAssertEqual(try moments(), before)

        try write(Self.small.replacing("[2, 8]", with: "[2, 4]"), to: "s.yaml")
        let changed = try study("--only", "seed=1")
        XCTAssertEqual(changed.status, 0, changed.errors)
        XCTAssertTrue(
            changed.errors.contains(
                "study: the study has changed: of its 8 trials 4 were begun before and stay valid, 4 are new; "
                    + "4 other trials are no longer asked for."), changed.errors)
        XCTAssertEqual(try moments().filter { before[$0.key] != nil }, before)
        XCTAssertEqual(try trials().count, 10)
    }

    func testAFailedTrialIsToldAndDoesNotStopTheOthers() throws {
        let text = Self.smallTrials.replacing("training.batch: [2, 8]", with: "dataset.trainImages: [99999, 24]")
        try write(text.replacing("seeds: 2", with: "seeds: 1"), to: "s.yaml")
        let outcome = try study(ranks: 2)
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.errors.contains("norm=bn,batch=99999,seed=1: "), outcome.errors)
        XCTAssertTrue(outcome.errors.contains("2 trials of 4 failed, first norm=bn,batch=99999,seed=1"), outcome.errors)
        XCTAssertEqual(try results().map { $0["status"] }, ["failed", "finished", "failed", "finished"])

        let failed = try XCTUnwrap(trials().first { $0.contains("norm=bn,batch=99999") })
        XCTAssertEqual(try trial(failed).status(), "failed")
        let status = try assertWorks(["study", "status", "study"], ranks: 1)
        XCTAssertTrue(status.output.contains("4 trials: 2 finished, 2 failed."), status.output)
        XCTAssertTrue(status.output.contains("norm=bn,batch=99999,seed=1 failed:"), status.output)
        let fast = try study("--fail-fast", "--quiet")
        XCTAssertEqual(fast.status, 1)
    }

    func testADivergedTrialIsAResult() throws {
        try write(
            Self.smallTrials.replacing("training.batch: [2, 8]", with: "training.learningRate: [0.01, 1e30]")
                .replacing("[4, 1]", with: "[2, 2]").replacing("seeds: 2", with: "seeds: 1"), to: "s.yaml")
        let outcome = try study()
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try results().map { $0["status"] }, ["finished", "diverged", "finished", "diverged"])
        XCTAssertTrue(outcome.output.contains("4 trials: 2 finished, 2 diverged."), outcome.output)
    }

    func testTheSharesOfAnArrayOfJobsAreTheWholeStudy() throws {
        try write(Self.small, to: "s.yaml")
        for share in 1...3 { XCTAssertEqual(try study("--quiet", "--shard", "\(share)/3").status, 0) }
        XCTAssertEqual(try study("--quiet", out: "whole").status, 0)
        XCTAssertEqual(try text("study/results.csv"), try text("whole/results.csv"))
    }

    func testADryRunTrainsNothingAndTellsWhichPValuesCanBeReached() throws {
        try write(Self.small, to: "s.yaml")
        let plan = try normtrain(["study", "s.yaml", "--dry-run"], ranks: 2)
        XCTAssertEqual(plan.status, 0, plan.errors)
        XCTAssertEqual(plan.outputLines.count { $0.hasPrefix("missing") }, 8)
        XCTAssertTrue(plan.output.contains("8 trials to do, about "), plan.output)
        XCTAssertTrue(plan.output.contains("2 paired seeds can't decide any direction"), plan.output)
        XCTAssertEqual(try entries().map { $0.prefix(6) }, ["s.yaml"])
    }

    func testFinishedTrialsHaveTheSameWeightsOnAnotherNumberOfRanks() throws {
        try write(Self.small, to: "s.yaml")
        XCTAssertEqual(try study("--quiet").status, 0)
        let verified = try normtrain(["study", "verify", "study", "--quiet"], ranks: 2)
        XCTAssertEqual(verified.status, 0, verified.errors)
        XCTAssertEqual(verified.outputLines.count { $0.hasSuffix("same bits") }, 2, verified.output)

        // A weight that is not the one that was trained shows.
        for name in try trials() {
            let url = URL(fileURLWithPath: path("study/trials/\(name)/result.json"))
            let text = try String(contentsOf: url, encoding: .utf8)
            let digest = try trial(name).text("weights_sha256")
            try Data(text.replacing(digest, with: String(digest.reversed())).utf8).write(to: url)
        }
        let spoilt = try normtrain(["study", "verify", "study", "--quiet", "--sample", "1"], ranks: 3)
        XCTAssertEqual(spoilt.status, 1)
        XCTAssertTrue(spoilt.errors.contains("study: 1 trial of 1 came to other weights than before."), spoilt.errors)
    }

    func testAComparisonOverSeedsEndsWithIntervals() throws {
        let outcome = try assertWorks(
            ["compare", "--norms", "bn,syncbn", "--seeds", "3", "--workers", "2", "--out", "c"] + Self.smallTraining)
        XCTAssertTrue(outcome.output.contains("bn against syncbn"), outcome.output)
        XCTAssertTrue(outcome.output.contains("95% interval"), outcome.output)
        XCTAssertEqual(try results("c").map { $0["norm"] }, ["bn", "syncbn", "bn", "syncbn", "bn", "syncbn"])
    }

    func testTheExampleCanBeWrittenAndTrained() throws {
        try assertWorks(["study", "--init", "s.yaml"])
        try assertRefused(["study", "--init", "s.yaml"], "s.yaml: there is such a file already; name another.")
        XCTAssertEqual(try assertWorks(["study", "--init"], ranks: 1).output, try text("s.yaml"))
        XCTAssertEqual(try study("--set", "dataset.trainImages=24", "--only", "seed=1", ranks: 2).status, 0)
    }

    func testWhatMakesNoStudyIsRefused() throws {
        try write(Self.smallTrials.replacing("workers: [4, 1]", with: "labels: [a, b]"), to: "s.yaml")
        try assertRefused(
            ["study", "s.yaml"],
            "workers: expected a number, since the trials of a study must not follow the number of ranks, found nothing."
        )
        try write(Self.small, to: "s.yaml")
        try assertRefused(
            ["study", "s.yaml", "--only", "norm=gn"], "--only norm=gn: expected one of bn, syncbn.")
        try assertRefused(
            ["study", "s.yaml", "--shard", "3/2"],
            "--shard 3/2: expected i/n with i from 1 to n, for example 2/8: see normtrain --help.")
        try assertRefused(
            ["study", "status", "nowhere"],
            "nowhere: this is no folder of a study, which holds study.yaml; name one that normtrain study has written.")
    }
}
