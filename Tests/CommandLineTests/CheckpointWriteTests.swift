import Foundation
import XCTest

/// A fault at every system call of writing a checkpoint, one after the other, put there by strace.
///
/// There are checkpoints after steps 2, 4, 6 and 8; the fault comes at the third, for which the first is removed. On one
/// rank, which needs no mpirun.
final class CheckpointWriteTests: InterruptionTestCase {
    private static let shortTraining = [
        "train", "--norm", "bn", "--quiet", "--dataset", "digits", "--train-images", "10", "--workers", "2",
        "--batch", "3", "--epochs", "4", "--checkpoint-every", "2", "--set", "evaluation.every=0", "--out", "run",
    ]
    private static let names = [2, 4, 6].map { "checkpoint-000000000\($0).normtrain" }
    /// They leave the disk as it is, so that a kill at one of them is a kill at the next call; and the kernel refuses them
    /// for want of memory only, of which a Swift program dies as if it were killed. How many there are is not fixed.
    private static let memory: Set = ["brk", "futex", "madvise", "mmap", "mprotect", "mremap", "munmap"]

    private var expected: FinalState?
    /// The calls of the undisturbed run from the beginning of the third write to its end.
    private var write: [Trace.Call] = []

    override func setUpWithError() throws {
        try super.setUpWithError()
        let tried = try start("strace", ["-o", "trial", "true"])
        try XCTSkipIf(tried.status == 127, "strace is not installed")
        try XCTSkipIf(tried.status != 0, "system calls can't be traced here: \(tried.errors)")
        let (outcome, trace) = try traced([])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        expected = try FinalState(path("run"))
        let calls = trace.calls.filter { !Self.memory.contains($0.name) }
        let last = try XCTUnwrap(calls.firstIndex { $0.isOf("unlink", "run/\(Self.names[0])") })
        let events = try XCTUnwrap(calls[..<last].lastIndex { $0.isOf("write", "run/events.out.tfevents.") })
        write = Array(calls[(events + 1)...last])
    }

    func testTheFileIsFlushedBeforeItIsRenamedAndTheFolderAfterwards() throws {
        func position(_ name: String, _ file: String) throws -> Int {
            try XCTUnwrap(write.firstIndex { $0.isOf(name, file) }, "\(name) \(file)")
        }
        let temporary = "run/.\(Self.names[2])."
        let order = try [
            position("openat", temporary), position("pwrite64", temporary), position("fsync", temporary),
            position("rename", temporary), position("fsync", "/run>"), position("unlink", Self.names[0]),
        ]
        XCTAssertEqual(order, order.sorted())
    }

    func testARunThatIsKilledAtAnyCallGoesOnFromAWholeCheckpoint() throws {
        let rename = try XCTUnwrap(write.firstIndex { $0.name == "rename" })
        XCTAssertGreaterThan(write.count, 10)
        for (index, call) in write.enumerated() {
            let outcome = try run(with: "signal=KILL", at: call)
            let context = "killed at \(call.name)\(call.text): \(outcome.errors)"
            XCTAssertEqual(outcome.status, 128 + SIGKILL, context)
            XCTAssertEqual(outcome.errors, "", context)
            XCTAssertEqual(checkpoints(), index <= rename ? Array(Self.names[..<2]) : Self.names, context)
            try assertGoesOn(context)
        }
    }

    func testAnErrorOfAnyCallIsToldOrDoesNoHarm() throws {
        let told = "normtrain: run/\(Self.names[2]): the file can't be written"
        var fatal: Set<String> = []
        for call in write {
            let canBeFull = ["openat", "pwrite64", "fsync", "rename"].contains(call.name)
            let errors = [("EIO", "Input/output error")] + (canBeFull ? [("ENOSPC", "No space left on device")] : [])
            for (error, words) in errors {
                let outcome = try run(with: "error=\(error)", at: call)
                let context = "\(error) of \(call.name)\(call.text): \(outcome.errors)"
                XCTAssertEqual(try hidden(), [], context)
                if outcome.status == 0 {
                    XCTAssertEqual(outcome.errors, "", context)
                    XCTAssertEqual(try FinalState(path("run")), expected, context)
                    continue
                }
                XCTAssertEqual(outcome.status, 1, context)
                XCTAssertEqual(outcome.errors, "\(told) (\(words)).\n", context)
                fatal.formUnion(call.files.map { "\(call.name) \($0.split(separator: "/").last ?? "")" })
                XCTAssertTrue(checkpoints().starts(with: Self.names[..<2]), context)
                try assertGoesOn(context)
            }
        }
        // The others do no harm: `close` comes after `fsync`, and what is not tidied away now is at the next checkpoint.
        let temporary = ".\(Self.names[2]).UUID"
        XCTAssertTrue(
            fatal.isSuperset(of: [
                "openat \(temporary)", "pwrite64 \(temporary)", "fsync \(temporary)", "rename \(temporary)",
                "openat run",
                "fsync run",
            ]), "\(fatal)")
    }

    func testAFolderThatCannotBeReadWholeIsNotTakenForOneWithoutCheckpoints() throws {
        try FileManager.default.removeItem(atPath: path("run/result.json"))
        for (call, error, words) in [
            ("openat", "EACCES", "Permission denied"), ("getdents64", "EIO", "Input/output error"),
        ] {
            let outcome = try start(
                "strace",
                ["-o", path("trace"), "-P", path("run"), "-e", "trace=\(call)", "-e", "inject=\(call):error=\(error)"]
                    + [Self.binary, "resume", path("run"), "--quiet"])
            XCTAssertEqual(outcome.status, 1)
            XCTAssertEqual(outcome.errors, "normtrain: \(path("run")): the folder can't be read (\(words)).\n")
        }
        try assertGoesOn("whole again")
    }

    /// Runs the training anew with a fault at a call, which is then not carried out.
    private func run(with fault: String, at call: Trace.Call) throws -> Outcome {
        for _ in 1...3 {
            let (outcome, trace) = try traced([
                "-e", "trace=\(call.name)", "-e", "inject=\(call.name):\(fault):when=\(call.occurrence)",
            ])
            // The number of earlier calls of the name may depend on the machine's mood.
            let hit = trace.calls.first { $0.name == call.name && $0.occurrence == call.occurrence }
            if let hit, hit.files == call.files { return outcome }
        }
        throw Missed(description: "the fault did not come at \(call.name)\(call.text)")
    }

    private struct Missed: Error { let description: String }

    private func traced(_ options: [String]) throws -> (Outcome, Trace) {
        try? FileManager.default.removeItem(atPath: path("run"))
        // Without -f: the threads of Open MPI have system calls of their own.
        let outcome = try start(
            "strace", ["-y", "-o", path("trace")] + options + [Self.binary] + Self.shortTraining,
            mayBeKilled: true)
        return (outcome, Trace(try String(contentsOfFile: path("trace"), encoding: .utf8)))
    }

    /// Resumes the run and expects the bits of the undisturbed one, and nothing half-written.
    private func assertGoesOn(_ context: String) throws {
        let outcome = try start(Self.binary, ["resume", "run", "--quiet"])
        XCTAssertEqual(outcome.status, 0, "\(context); then \(outcome.errors)")
        // No checkpoint was refused.
        XCTAssertEqual(outcome.errors, "", context)
        XCTAssertEqual(try FinalState(path("run")), expected, context)
        XCTAssertEqual(try hidden(), [], context)
    }

    private func hidden() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path("run")).filter { $0.hasPrefix(".") }
    }
}
