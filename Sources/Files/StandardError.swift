import Foundation

/// What the program tells people while it works.
public enum StandardError {
    /// Writes text to standard error. What can't be shown, since the disk is full or nobody reads it any more, is no
    /// reason to end: then nothing happens.
    ///
    /// Expects that the program ignores SIGPIPE.
    public static func write(_ text: String) {
        if LauncherPipe.isBroken { return }
        _ = StandardStreams.write(text, to: STDERR_FILENO)
    }
}
