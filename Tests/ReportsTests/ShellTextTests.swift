import Foundation
import Reports
import XCTest

final class ShellTextTests: XCTestCase {
    /// What the shell makes of a word must be the word again, or a path to the same.
    func testAShellReadsEachWordAsItWas() throws {
        for word in ["run", "a b", "it's", "$HOME", "a\nb", "~", "*", "ü", "a;b", "\"", "\\", "'", "key=-1"] {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "printf %s \(shellWord(word))"]
            process.standardOutput = pipe
            try process.run()
            process.waitUntilExit()
            XCTAssertEqual(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self), word)
        }
        XCTAssertEqual(shellWord("runs/train-2"), "runs/train-2")
        XCTAssertEqual(shellWord("-x"), "./-x")
        XCTAssertEqual(shellArgument("--norm"), "--norm")
        XCTAssertEqual(shellWord(""), "''")
    }

    func testACommandStartsAsManyRanks() {
        XCTAssertEqual(command("resume run", ranks: 1), "normtrain resume run")
        XCTAssertEqual(command("resume run", ranks: 3), "mpirun -np 3 normtrain resume run")
    }
}
