import Foundation

/// A sentence broken into lines of at most so many columns, where its words allow it.
public func wrapped(_ text: String, columns: Int = 100) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
        let last = lines[lines.count - 1]
        if last.isEmpty {
            lines[lines.count - 1] = String(word)
        } else if last.count + 1 + word.count <= columns {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines.joined(separator: "\n")
}

/// A time as people say it: `45 s`, `12 min`, `3:05 h`.
public func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "unknown" }
    let whole = Int(max(0, seconds).rounded(.up))
    if whole < 120 { return "\(whole) s" }
    let minutes = (whole + 30) / 60
    return minutes < 120 ? "\(minutes) min" : String(format: "%d:%02d h", minutes / 60, minutes % 60)
}

/// `1 image`, `2 images`.
public func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// A name as a cell of a table: on one line, and with an ellipsis where it is longer than `room`.
func oneLine(_ name: String, room: Int) -> String {
    let line = String(name.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return line.count > room ? line.prefix(max(1, room - 1)) + "…" : line
}

/// A loss with four decimals, or in scientific notation where that would be a long number.
public func shown(loss: Double) -> String { String(format: abs(loss) < 1e5 ? "%.4f" : "%.3e", loss) }
