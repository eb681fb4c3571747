import Foundation
import XCTest

/// Jobs whose pipes break before they end.
final class BrokenPipeTests: InterruptionTestCase {
    /// MPI and the libraries leave it as the program's first line has set it.
    func testNothingGivesTheRanksBackTheSignalOfABrokenPipe() throws {
        let job = try start(arguments("--checkpoint-every", "4"), ranks: 2)
        try job.wait(for: "checkpoint") { !checkpoints().isEmpty }
        for rank in job.ranks {
            let status = try String(contentsOfFile: "/proc/\(rank)/status", encoding: .utf8)
            let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") })
            let ignored = try XCTUnwrap(UInt64(line.split(separator: "\t")[1], radix: 16))
            XCTAssertEqual(ignored >> (UInt64(SIGPIPE) - 1) & 1, 1, String(line))
        }
        XCTAssertEqual(try job.end().status, 0)
    }

    /// The exit status tells of the rank that was killed, not of a notice that nobody reads.
    func testAKilledRankIsTheReasonAlsoWhereNobodyReadsIt() throws {
        let launchers = [
            "mpirun -q --oversubscribe -np 3 \(Self.binary)",
            "NORMTRAIN_BINARY=\(Self.binary) \(Self.launchFolder)/run -np 3",
        ]
        for (number, launcher) in launchers.enumerated() {
            for attempt in 0..<3 {
                let out = "run\(number)\(attempt)"
                let training = (arguments("--checkpoint-every", "4", out: out)).joined(separator: " ")
                // The subshell's standard output and error are a pipe whose reader has left.
                let script = """
                    ( \(launcher) \(training) 2>&1; echo $? >status ) | true &
                    until ls \(out)/checkpoint-* >status.ls 2>&1 || [ -s status ]; do sleep 0.02; done
                    for process in $(pgrep -x normtrain); do
                        if tr '\\0' '\\n' </proc/$process/environ | grep -cxE "MARK=$MARK|OMPI_COMM_WORLD_RANK=1" |
                            grep -qx 2; then kill -9 $process; fi
                    done
                    wait
                    until [ -s status ]; do sleep 0.02; done
                    """
                _ = try start(
                    "bash", ["-c", script], seconds: 30,
                    environment: ["MARK": path("here"), "OMPI_MCA_odls_base_sigkill_timeout": "0"])
                let status = try String(contentsOfFile: path("status"), encoding: .utf8)
                XCTAssertEqual(status, "137\n", launcher)
                try FileManager.default.removeItem(atPath: path("status"))
            }
        }
    }

    /// Then every pipe of the ranks breaks at once.
    func testRanksWhoseMpirunIsKilledDoNotEndByABrokenPipe() throws {
        let training = (["train", "--norm", "bn", "--out", "run"] + Self.training).joined(separator: " ")
        let rank = "\(Self.binary) \(training) --epochs 3000 --checkpoint-every 4; echo $? >status$OMPI_COMM_WORLD_RANK"
        let script = """
            mpirun -q --oversubscribe -np 2 bash -c '\(rank)' &
            until ls run/checkpoint-* >checkpoints 2>&1; do sleep 0.02; done
            kill -9 $!
            until [ -s status0 ] && [ -s status1 ]; do sleep 0.02; done
            """
        let outcome = try start("bash", ["-c", script], seconds: 30)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        for rank in 0..<2 {
            let status = try String(contentsOfFile: path("status\(rank)"), encoding: .utf8)
            XCTAssertFalse(["0\n", "141\n"].contains(status), status)
        }
    }

    /// `mpirun … 2>&1 | head -1`: Open MPI's mpirun crashes when it passes on a line.
    func testARunGoesOnWhenTheReaderOfItsNoticesHasLeft() throws {
        for attempt in 0..<5 {
            let training = (["train", "--norm", "bn", "--out", "run\(attempt)"] + Self.training).joined(separator: " ")
            let script =
                "( mpirun -q --oversubscribe -np 2 \(Self.binary) \(training) 2>&1 >output; echo $? >status ) | true"
            _ = try start("bash", ["-c", script + "; until [ -s status ]; do sleep 0.02; done"], seconds: 30)
            XCTAssertEqual(try String(contentsOfFile: path("status"), encoding: .utf8), "0\n")
            XCTAssertNoThrow(try RunFiles(path: path("run\(attempt)")).text("weights_sha256"))
            try FileManager.default.removeItem(atPath: path("status"))
        }
    }
}
