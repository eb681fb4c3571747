/// HTML in the making: text goes in escaped, and only what this file and its callers spell out is markup.
struct Markup: ExpressibleByStringInterpolation {
    /// The HTML.
    let html: String

    /// Markup as it is spelt in the program.
    init(stringLiteral html: String) { self.html = html }

    /// Markup as it is spelt in the program, with values in it.
    init(stringInterpolation parts: Parts) { html = parts.html }

    /// What `"\(…)"` builds: strings are escaped, markup is not.
    struct Parts: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { html += literal }

        mutating func appendInterpolation(_ text: String) { html += escaped(text) }

        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

        mutating func appendInterpolation(_ pieces: [Markup]) { for piece in pieces { html += piece.html } }

        /// Markup that was made elsewhere: a drawing, a style sheet.
        mutating func appendInterpolation(trusted html: String) { self.html += html }
    }
}

/// A text between tags or in the quotes of an attribute. Characters that HTML has no place for become U+FFFD.
private func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "'": escaped += "&#39;"
        case "\n", "\t": escaped.unicodeScalars.append(scalar)
        case _ where scalar.properties.generalCategory == .control: escaped += "\u{FFFD}"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}
