import Foundation
import XCTest

@testable import Reports

/// Programs that behave, and such that don't.
final class PipedProgramTests: XCTestCase {
    private func shell(_ script: String, limit: Duration = .seconds(20)) -> PipedProgram {
        PipedProgram("/bin/sh", ["-c", script], limit: limit)
    }

    func testItAnswersWhatItIsGiven() throws {
        let output = try shell("tr a-z A-Z; echo why >&2").output(for: "hällo\n")
        XCTAssertEqual(output.standardOutput, "HäLLO\n")
        XCTAssertEqual(output.complaint, "why")
        XCTAssertEqual(output.status, 0)
    }

    func testMoreThanAPipeHoldsGoesBothWays() throws {
        // cat writes while it is written to: whoever writes everything before reading waits forever.
        let text = String(repeating: "0123456789abcde\n", count: 200_000)
        XCTAssertEqual(try shell("cat").output(for: text).standardOutput, text)
    }

    func testAProgramThatReadsNothingIsNoSignal() throws {
        let text = String(repeating: "x", count: 5_000_000)
        XCTAssertEqual(try shell("echo done").output(for: text).standardOutput, "done\n")
    }

    func testAFloodOfComplaintsDoesNotBlock() throws {
        let output = try shell("head -c 3000000 /dev/zero | tr '\\0' e >&2; echo done").output(for: "")
        XCTAssertEqual(output.standardOutput, "done\n")
        XCTAssertEqual(output.standardError.count, 3_000_000)
        XCTAssertEqual(output.complaint?.count, 200)
    }

    func testAMissingProgramIsMissing() {
        for path in ["no-such-program-here", "/no/such/file", "/etc/passwd"] {
            XCTAssertThrowsError(try PipedProgram(path, [], limit: .seconds(5)).output(for: "")) {
                XCTAssertEqual($0 as? PipedProgram.Failure, .missing, path)
            }
        }
    }

    func testAnExitStatusIsToldWithTheLastComplaint() {
        XCTAssertThrowsError(try shell("echo first >&2; echo last words >&2; exit 3").output(for: "")) {
            XCTAssertEqual("\($0)", "it ended with status 3: last words")
        }
        XCTAssertThrowsError(try shell("kill -9 $$").output(for: "")) {
            XCTAssertEqual("\($0)", "it ended with status 137")
        }
    }

    func testWhoeverIsTooSlowIsEndedWithItsChildren() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "piped-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        for script in ["sleep 60 & echo $! > \(file); wait", "exec >&- 2>&-; echo $$ > \(file); sleep 60"] {
            let start = ContinuousClock.now
            XCTAssertThrowsError(try shell(script, limit: .seconds(1)).output(for: "")) {
                XCTAssertEqual($0 as? PipedProgram.Failure, .tooSlow(.seconds(1)))
            }
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(10))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let child = try XCTUnwrap(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            XCTAssertTrue(hasEnded(child), script)
        }
    }

    /// Whether a process that was killed is gone soon; as a zombie it waits for its new parent to look.
    private func hasEnded(_ process: Int32) -> Bool {
        for _ in 0..<500 {
            guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                !state.contains(") Z ")
            else { return true }
            usleep(10_000)
        }
        return false
    }

    func testNoZombieRemains() throws {
        _ = try shell("true").output(for: "")
        _ = try? shell("sleep 60", limit: .milliseconds(100)).output(for: "")
        var state: Int32 = 0
        XCTAssertEqual(waitpid(-1, &state, WNOHANG), -1)
        XCTAssertEqual(errno, ECHILD)
    }

    func testItSeesNeitherTheLauncherNorTheLocale() throws {
        setenv("OMPI_COMM_WORLD_RANK", "0", 1)
        defer { unsetenv("OMPI_COMM_WORLD_RANK") }
        let variables = try shell("env").output(for: "").standardOutput.split(separator: "\n")
            .map { $0.prefix { $0 != "=" } }
        XCTAssertEqual(Set(variables).subtracting(["PWD", "SHLVL", "_", "OLDPWD"]), ["PATH", "LC_ALL"])
    }

    func testItInheritsNoOpenFilesAndNoIgnoredSignals() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let files = try shell("ls /proc/self/fd").output(for: "").standardOutput.split(separator: "\n")
        // ls has the folder itself open as the fourth.
        XCTAssertEqual(files, ["0", "1", "2", "3"])

        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        let ignored = try shell("grep SigIgn /proc/self/status").output(for: "").standardOutput
        let mask = try XCTUnwrap(ignored.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) })
        // Signals 32 and 33 belong to the C library.
        XCTAssertEqual(mask & 0x7fff_ffff, 0)
    }

    func testAProcessThatIgnoresTheEndOfItsChildrenGetsTheirOutput() throws {
        let before = signal(SIGCHLD, SIG_IGN)
        defer { signal(SIGCHLD, before) }
        let output = try shell("cat").output(for: "hello")
        XCTAssertEqual(output.standardOutput, "hello")
        XCTAssertNil(output.status)
    }
}
