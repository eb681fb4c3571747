/// Numbers as they are written in decimal digits, which mean one thing to everyone: 010 is eight to one person and ten to
/// the next, and 0x10, 1_000, 1:30 and the digits of other scripts are numbers only to some.
public enum DecimalText {
    /// The whole number that a text stands for; nil when it is none, or does not fit into 64 bits.
    public static func whole(_ text: String) -> Int? {
        text.wholeMatch(of: /[+-]?(0|[1-9][0-9]*)/) == nil ? nil : Int(text)
    }

    /// The number that a text stands for; nil when it is none, or too large.
    public static func number(_ text: String) -> Double? {
        guard isNumber(text), let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// A number in its shortest text, whole ones without a point.
    public static func shortest(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    /// What to do with a text that a person may well take for a number, as it reads after a semicolon; nil for any other.
    public static func advice(on text: String) -> String? {
        let digits = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text[...]
        return digits.first?.isNumber == true && !isNumber(text) ? "write it in decimal digits" : nil
    }

    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil
    }
}
