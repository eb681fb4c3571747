import Foundation
import TestSupport
import XCTest

@testable import TensorBoard

/// When events are written, and to which file.
final class EventFileTests: FolderTestCase {
    private func names() throws -> [String] { try EventFile.names(in: folder.path) }

    private func write(_ values: [SummaryValue] = [.scalar("a", 1)], goingOnAfter step: Int? = nil) throws {
        let file = EventFile(in: folder.path, goingOnAfter: step)
        try file.add(values, step: 1)
        try file.flush()
    }

    func testAFileIsNamedAfterTheMomentTheHostTheProcessAndItsNumber() throws {
        let before = Int(Date().timeIntervalSince1970)
        try write()
        let after = Int(Date().timeIntervalSince1970)
        let host = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        let possible = (before...after).map { "events.out.tfevents.\($0).\(host).\(getpid()).0" }
        XCTAssertTrue(possible.contains(try XCTUnwrap(names().first)))
    }

    /// Readers take the files of a folder in the order of their names: one that is begun in the same second, or by a host
    /// whose clock is slow, must not come before those that are there.
    func testALaterFileComesLater() throws {
        let others = ["9000000000.a.1.0", "17.z", "99999999999999999999.a.1.0", "", "x.y"].map {
            "events.out.tfevents.\($0)"
        }
        for other in others { try Data().write(to: folder.appending(path: other)) }
        for count in 1...3 {
            try write()
            let ours = try names().filter { !others.contains($0) }
            XCTAssertEqual(ours.count, count)
            XCTAssertTrue(ours[count - 1].hasPrefix("events.out.tfevents.\(9_000_000_000 + count)."), ours[count - 1])
        }
    }

    func testNothingIsWrittenBeforeItIsDueAndEverythingByAFlush() throws {
        let file = EventFile(in: folder.path, flushSeconds: 3600)
        try file.flush()
        try file.add([.scalar("a", 1)], step: 1)
        try file.flushIfDue()
        XCTAssertEqual(try names(), [])
        try file.flush()
        let name = try XCTUnwrap(names().first)
        let size = try Data(contentsOf: folder.appending(path: name)).count
        try file.add([.scalar("a", 2)], step: 2)
        try file.flushIfDue()
        XCTAssertEqual(try Data(contentsOf: folder.appending(path: name)).count, size)
        try file.flush()
        XCTAssertGreaterThan(try Data(contentsOf: folder.appending(path: name)).count, size)
    }

    func testWhatIsDueIsWritten() throws {
        let file = EventFile(in: folder.path, flushSeconds: 0)
        try file.add([.scalar("a", 1)], step: 1)
        try file.flushIfDue()
        XCTAssertEqual(try names().count, 1)
    }

    func testWhatCannotBeWrittenIsKeptUntilItCan() throws {
        let missing = folder.appending(path: "missing")
        let file = EventFile(in: missing.path, flushSeconds: 3600)
        try file.add([.scalar("a", 1)], step: 1)
        XCTAssertThrowsError(try file.flush()) { XCTAssertTrue("\($0)".hasPrefix("\(missing.path)/events.out.")) }
        try FileManager.default.createDirectory(at: missing, withIntermediateDirectories: false)
        try file.add([.scalar("a", 2)], step: 2)
        try file.flush()
        try Python.require("tensorboard")
        let files = try ReadEvent.files(in: missing.path)
        XCTAssertEqual(files.count, 1)
        XCTAssertEqual(try ReadEvent.events(of: files[0]).map { $0.values.first?.doubles }, [nil, nil, [1], [2]])
    }
}
