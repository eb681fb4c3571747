import Files
import Logging

/// Writes notices to standard error, a line each.
struct NoticeHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // The line of progress may be that of another rank.
        StandardError.write("\(ProgressDisplay().lineStart)normtrain: \(event.message)\n")
    }
}
