import Foundation

/// What the program tells people while it works.
public enum StandardError {
    /// Writes text to standard error, or nothing when nobody reads it any more.
    ///
    /// Expects that the program ignores SIGPIPE.
    public static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
