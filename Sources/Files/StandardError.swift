import Foundation

/// What the program tells people while it works.
public enum StandardError {
    /// Writes text to standard error, or nothing when nobody reads it any more.
    ///
    /// A closed pipe is no reason to end: mpirun closes those of the ranks that it is about to stop.
    public static func write(_ text: String) {
        signal(SIGPIPE, SIG_IGN)
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
