import Foundation
import XCTest

/// Studies that are stopped, killed, and carried out by several starts at once.
final class StudyInterruptionTests: StudyTestCase {
    /// Trials of several seconds.
    private static let long = small.replacing("epochs: 1", with: "epochs: 30").replacing("[2, 8]", with: "[2, 4]")
        .replacing("workers: [4, 1]", with: "workers: [4, 2]").replacing("seeds: 2", with: "seeds: 1")

    private let arguments = ["study", "s.yaml", "--out", "study", "--quiet"]

    private func waitForSteps(_ job: RunningJob) throws {
        try job.wait(for: "steps") {
            let names = (try? self.trials()) ?? []
            return names.contains { ((try? self.trial($0).metrics().count) ?? 0) > 3 }
        }
    }

    func testAStudyThatASignalStopsGoesOnToTheSameBytes() throws {
        try write(Self.long, to: "s.yaml")
        XCTAssertEqual(try study("--quiet", out: "whole").status, 0)
        let job = try RunningJob(arguments, ranks: 2, in: folder)
        try waitForSteps(job)
        kill(job.mpirun, SIGUSR1)
        let stopped = try job.end()
        XCTAssertEqual(stopped.status, 75, stopped.errors)
        XCTAssertEqual(
            stopped.errors.replacing(/[0-9]+ of/, with: "N of"),
            "normtrain: study: stopped as a signal asked, with N of 4 trials finished; the same command goes on.\n")
        let begun = try trials().filter { try trial($0).status() == "interrupted" }
        XCTAssertFalse(begun.isEmpty)
        XCTAssertFalse(checkpoints("study/trials/\(begun[0])").isEmpty)
        XCTAssertEqual(try study("--quiet", ranks: 3).status, 0)
        XCTAssertEqual(try text("study/results.csv"), try text("whole/results.csv"))
    }

    func testATrialWhoseProcessWasKilledIsTakenOver() throws {
        try write(Self.long, to: "s.yaml")
        let job = try RunningJob(arguments, ranks: 1, in: folder)
        try waitForSteps(job)
        kill(try XCTUnwrap(job.ranks.first), SIGKILL)
        _ = try job.end()
        let killed = try XCTUnwrap(trials().first)
        XCTAssertEqual(try trial(killed).status(), "running")
        let status = try assertWorks(["study", "status", "study"], ranks: 1)
        XCTAssertTrue(status.output.contains("4 trials: 1 begun, 3 missing."), status.output)
        XCTAssertEqual(try study("--quiet").status, 0)
        XCTAssertTrue(try trials().allSatisfy { try trial($0).status() == "finished" })
    }

    func testTwoStartsAtOnceShareTheWork() throws {
        try write(Self.long, to: "s.yaml")
        let jobs = try (1...2).map { _ in try RunningJob(arguments, ranks: 1, in: folder) }
        for job in jobs { XCTAssertEqual(try job.end(within: 60).status, 0) }
        let processes = try trials().map { name in
            try XCTUnwrap((trial(name).description()["process"] as? [String: Any])?["process"] as? Int)
        }
        XCTAssertEqual(try trials().count, 4)
        XCTAssertEqual(Set(processes).count, 2, "\(processes)")
        XCTAssertTrue(try trials().allSatisfy { try trial($0).status() == "finished" })
    }
}
