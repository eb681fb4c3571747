import Files
import Foundation
import SwiftProtobuf

/// A file of events in a run's folder, as TensorBoard reads it. It grows while the run goes on, and is made with the first
/// events that are written.
///
/// Events are written some seconds after they were added, all that are there at once and whole: a reader, or a killed
/// process, finds no half of one.
public final class EventFile {
    private let folder: String
    /// The step after which a run goes on; nil for one that begins.
    private let lastStepBefore: Int?
    private let flushInterval: Duration
    private var file: AppendedFile?
    /// Records that are not written yet.
    private var waiting: [UInt8] = []
    private var hasBegun = false
    private var lastFlush = ContinuousClock.now

    private static let prefix = "events.out.tfevents."

    /// - Parameters:
    ///   - folder: must exist when events are written.
    ///   - step: of a run that goes on after it: what earlier files of the folder hold of later steps is then passed over by
    ///     readers. nil for a run that begins.
    ///   - flushSeconds: how long events may wait.
    public init(in folder: String, goingOnAfter step: Int? = nil, flushSeconds: Int = 5) {
        self.folder = folder
        lastStepBefore = step
        flushInterval = .seconds(flushSeconds)
    }

    /// Adds an event, which is written with a later flush.
    ///
    /// - Throws: `BinaryEncodingError` for one of two gigabytes.
    public func add(_ values: [SummaryValue], step: Int) throws {
        if !hasBegun { try begin() }
        var summary = Tensorboard_Summary()
        summary.value = values.map(\.message)
        try append(.summary(summary), step: step)
    }

    private func begin() throws {
        let first = lastStepBefore.map { $0 + 1 } ?? 0
        try append(.fileVersion("brain.Event:2"), step: first)
        // TensorBoard takes the first start that it meets for the beginning, and each later one for a restart: it then
        // forgets what it has of that step and later ones.
        var log = Tensorboard_SessionLog()
        log.status = .start
        try append(.sessionLog(log), step: first)
        hasBegun = true
    }

    /// Writes what was added, if something has waited long enough.
    ///
    /// - Throws: `FileError`, as `flush`.
    public func flushIfDue() throws(FileError) {
        if ContinuousClock.now - lastFlush >= flushInterval { try flush() }
    }

    /// Writes all that was added.
    ///
    /// - Throws: `FileError` when that can't be done now; it is then written with a later flush, which is due at once.
    public func flush() throws(FileError) {
        if let file {
            let records = waiting
            // From here on the file keeps what it could not write.
            waiting = []
            try file.append(records)
        } else if hasBegun {
            file = try AppendedFile("\(folder)/\(Self.newName(in: folder))", beginningWith: waiting)
            waiting = []
        }
        lastFlush = .now
    }

    private func append(_ content: Tensorboard_Event.OneOf_What, step: Int) throws {
        var event = Tensorboard_Event()
        event.wallTime = Date().timeIntervalSince1970
        event.step = Int64(step)
        event.what = content
        waiting.appendRecord(try event.bytes)
    }

    /// The names of the event files in a folder, sorted.
    public static func names(in folder: String) throws(FileError) -> [String] {
        try (Folder.names(in: folder) ?? []).filter { $0.hasPrefix(prefix) }
    }

    /// What names of files begin with that were left half written by a killed process.
    public static let halfWrittenPrefix = ".\(prefix)"

    /// A name behind those of all event files that are there: readers take them in the order of their names, and clocks of
    /// hosts differ.
    private static func newName(in folder: String) throws(FileError) -> String {
        let earlier = try names(in: folder)
        let newest = earlier.compactMap { seconds(of: $0) }.max()
        let now = Int(Date().timeIntervalSince1970)
        let moment = max(now, newest.map { $0 + 1 } ?? 0)
        let padding = String(repeating: "0", count: max(0, secondsDigits - "\(moment)".count))
        let process = ProcessIdentity.current
        return "\(prefix)\(padding)\(moment).\(process.host).\(process.process).\(earlier.count)"
    }

    /// Those in a name; nil in one that no clock of our time has made.
    private static func seconds(of name: String) -> Int? {
        let digits = name.dropFirst(prefix.count).prefix { $0 != "." }
        return digits.count == secondsDigits ? Int(digits) : nil
    }

    private static let secondsDigits = 10
}

extension Message {
    /// As it is written: equal messages as equal bytes.
    var bytes: [UInt8] {
        get throws {
            var options = BinaryEncodingOptions()
            options.useDeterministicOrdering = true
            return try serializedBytes(options: options)
        }
    }
}
