/// Comma-separated values with a header, a line a row; cells are quoted where RFC 4180, section 2, asks for it.
///
/// Lines end with a line feed, which every reader takes and line tools need.
func csv(header: [String], rows: [[String]]) -> String {
    ([header] + rows).map { $0.map(csvCell).joined(separator: ",") + "\n" }.joined()
}

/// A cell, in quotes if it holds a comma, a quote or the end of a line.
private func csvCell(_ text: String) -> String {
    // Bytes, because a carriage return and a line feed are a single character.
    guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

/// A number with all its digits, and a count without a fraction; empty without one.
func csvNumber(_ value: Double?) -> String {
    guard let value else { return "" }
    return Int(exactly: value).map { "\($0)" } ?? "\(value)"
}
