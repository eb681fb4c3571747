import Files
import Logging

extension Session {
    /// Says, on the first rank, what to do or to look at next: on standard error, so that results can be piped, and not to
    /// those who asked for quiet.
    package func tellNext(_ text: String) {
        if isFirst, logger.logLevel <= .info { StandardError.write("next: \(text)\n") }
    }
}
