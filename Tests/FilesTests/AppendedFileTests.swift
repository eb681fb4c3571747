import Files
import Foundation
import TestSupport
import XCTest

final class AppendedFileTests: FolderTestCase {
    private func text() throws -> String { try String(contentsOfFile: path("rows"), encoding: .utf8) }

    private func number() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path("rows"))[.systemFileNumber] as? Int
    }

    func testEachLineIsThereAsSoonAsItIsAppended() throws {
        let file = try AppendedFile(path("rows"), beginningWith: "a\n")
        XCTAssertEqual(try text(), "a\n")
        for count in 1...3 {
            try file.append("\(count)\n")
            XCTAssertEqual(try text(), "a\n" + (1...count).map { "\($0)\n" }.joined())
        }
    }

    func testAFileThatBeginsAsItShouldIsCutBackInItsPlace() throws {
        try Data("a\n1\n2\n3".utf8).write(to: URL(fileURLWithPath: path("rows")))
        let before = try number()
        let file = try AppendedFile(path("rows"), beginningWith: "a\n1\n")
        XCTAssertEqual(try text(), "a\n1\n")
        try file.append("4\n")
        XCTAssertEqual(try text(), "a\n1\n4\n")
        XCTAssertEqual(try number(), before)
    }

    func testAFileThatBeginsOtherwiseIsReplaced() throws {
        for other in ["b\n1\n", "a", ""] {
            try Data(other.utf8).write(to: URL(fileURLWithPath: path("rows")))
            _ = try AppendedFile(path("rows"), beginningWith: "a\n1\n")
            XCTAssertEqual(try text(), "a\n1\n")
        }
    }

    /// A limit of the file's size stands for a full disk: the system takes a part of a line, and then nothing.
    func testWhatDoesNotFitIsKeptUntilThereIsRoom() throws {
        let file = try AppendedFile(path("rows"), beginningWith: "a\n")
        var before = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
        signal(SIGXFSZ, SIG_IGN)
        defer { signal(SIGXFSZ, SIG_DFL) }
        var small = rlimit(rlim_cur: 5, rlim_max: before.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        let refused = (1...2).map { count in
            do {
                try file.append("row \(count)\n")
                return ""
            } catch {
                return "\(error)"
            }
        }
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
        XCTAssertTrue(refused.allSatisfy { $0.hasPrefix("\(path("rows")): the file can't be written (") }, "\(refused)")
        XCTAssertEqual(try text(), "a\n")
        try file.append("row 3\n")
        XCTAssertEqual(try text(), "a\nrow 1\nrow 2\nrow 3\n")
    }

    func testAFolderThatIsNotThereIsNamed() throws {
        XCTAssertThrowsError(try AppendedFile(path("none/rows"), beginningWith: "")) {
            XCTAssertEqual(
                "\($0)", "\(path("none/rows")): the file can't be written (No such file or directory).")
        }
    }
}
