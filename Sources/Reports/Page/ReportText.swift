/// A text in which some words are code, or lead to a file beside the report. Everything else in it means itself: no
/// character is markup.
public struct ReportText: Equatable, Sendable, ExpressibleByStringInterpolation {
    /// A stretch of a text.
    public enum Part: Equatable, Sendable {
        /// Words.
        case plain(String)
        /// What a machine reads: names of keys, commands.
        case code(String)
        /// Words that lead to a file or a folder, named from the folder of the report.
        case link(String, path: String)
    }

    /// In order.
    public var parts: [Part]

    /// A text of these parts.
    public init(_ parts: [Part]) { self.parts = parts }

    /// Words alone.
    public init(_ words: String) { parts = [.plain(words)] }

    /// Words alone.
    public init(stringLiteral words: String) { self.init(words) }

    /// What a machine reads.
    public static func code(_ text: String) -> ReportText { ReportText([.code(text)]) }

    /// Words that lead to a file or a folder, named from the folder of the report.
    public static func link(_ words: String, path: String) -> ReportText { ReportText([.link(words, path: path)]) }

    /// One text behind another.
    public static func + (left: ReportText, right: ReportText) -> ReportText { ReportText(left.parts + right.parts) }

    /// The words without what they are.
    public var words: String {
        parts.map { part in
            switch part {
            case .plain(let words), .code(let words), .link(let words, _): words
            }
        }.joined()
    }
}

/// A file's path, named from the folder of the report, as a link has it: what could be taken for anything but a file below
/// that folder is written in another way.
func linkAddress(_ path: String) -> String {
    let encoded = path.utf8.map { byte in
        isUnreserved(byte) ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte)
    }
    return "./" + encoded.joined()
}

/// The characters that mean themselves in a path of RFC 3986, and the slash.
private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "-._~/=,".utf8.contains(byte)
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}
