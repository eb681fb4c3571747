import Foundation
import XCTest

/// A file in the Chrome trace event format, as far as this program writes it.
public struct TraceFile {
    /// A complete event: `ph` X.
    public struct Event {
        /// What the span shows.
        public let name: String
        /// Its category.
        public let category: String
        /// Where it lies: the process, which stands for a rank.
        public let process: Int
        /// Microseconds.
        public let start: Double
        /// Microseconds.
        public let duration: Double
        /// Those that are numbers.
        public let arguments: [String: Int]

        /// Nanoseconds, which the file has whole.
        var nanoseconds: Range<Int> {
            let first = Int((1000 * start).rounded())
            return first..<first + Int((1000 * duration).rounded())
        }
    }

    /// In the order of the file.
    public let events: [Event]
    /// The name of each process.
    public let tracks: [Int: String]

    /// Reads a trace, and fails the test where it breaks a rule of the format.
    public init(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws {
        let content = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        XCTAssertEqual(content["displayTimeUnit"] as? String, "ms", file: file, line: line)
        var events: [Event] = []
        var names: [String: [Int: String]] = [:]
        for event in try XCTUnwrap(content["traceEvents"] as? [[String: Any]], file: file, line: line) {
            let kind = try XCTUnwrap(event["name"] as? String, file: file, line: line)
            let process = try XCTUnwrap(event["pid"] as? Int, file: file, line: line)
            XCTAssertEqual(event["tid"] as? Int, process, file: file, line: line)
            let arguments = try XCTUnwrap(event["args"] as? [String: Any], file: file, line: line)
            switch try XCTUnwrap(event["ph"] as? String, file: file, line: line) {
            case "M":
                if let name = arguments["name"] as? String {
                    XCTAssertNil(names[kind]?[process], "\(kind) twice for \(process)", file: file, line: line)
                    names[kind, default: [:]][process] = name
                }
            case "X":
                events.append(
                    Event(
                        name: kind, category: try XCTUnwrap(event["cat"] as? String, file: file, line: line),
                        process: process, start: try XCTUnwrap(event["ts"] as? Double, file: file, line: line),
                        duration: try XCTUnwrap(event["dur"] as? Double, file: file, line: line),
                        arguments: arguments.compactMapValues { $0 as? Int }))
            case let other:
                XCTFail("an event of kind \(other)", file: file, line: line)
            }
        }
        XCTAssertEqual(names["thread_name"], names["process_name"], file: file, line: line)
        self.events = events
        tracks = names["process_name"] ?? [:]
    }

    /// Expects that every event lies on a track that has a name, begins at 0 or later, and that any two on a track lie
    /// within or beside each other, an outer one before those within it.
    public func assertNests(file: StaticString = #filePath, line: UInt = #line) {
        for event in events {
            XCTAssertNotNil(tracks[event.process], event.name, file: file, line: line)
            XCTAssertGreaterThanOrEqual(event.start, 0, event.name, file: file, line: line)
            XCTAssertGreaterThanOrEqual(event.duration, 0, event.name, file: file, line: line)
        }
        for process in tracks.keys {
            var open: [Event] = []
            var last = 0
            for event in events where event.process == process {
                let span = event.nanoseconds
                XCTAssertGreaterThanOrEqual(span.lowerBound, last, event.name, file: file, line: line)
                last = span.lowerBound
                while let outer = open.last, outer.nanoseconds.upperBound <= span.lowerBound, !span.isEmpty {
                    open.removeLast()
                }
                if let outer = open.last {
                    XCTAssertLessThanOrEqual(
                        span.upperBound, outer.nanoseconds.upperBound, "\(event.name) in \(outer.name)", file: file,
                        line: line)
                } else {
                    XCTAssertEqual(event.category, "step", event.name, file: file, line: line)
                }
                open.append(event)
            }
        }
    }
}
