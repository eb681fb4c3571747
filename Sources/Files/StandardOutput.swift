import Foundation

/// What the program was asked for: results, help.
public enum StandardOutput {
    /// Prints a text and ends the line, at once.
    ///
    /// Expects that the program ignores SIGPIPE.
    ///
    /// - Throws: `FileError` when it can't be printed whole: the disk is full, the stream is closed, its reader is gone.
    public static func show(_ text: some CustomStringConvertible, terminator: String = "\n") throws(FileError) {
        guard StandardStreams.write("\(text)\(terminator)", to: STDOUT_FILENO) else {
            throw FileError(ofLastCall: .print, path: "standard output")
        }
    }
}
