import ArgumentParser
import Catalogues

/// A number that was typed after an option, taken as text: a wrong one is refused in the same words as that of a key, and
/// only decimal digits are right.
struct TypedNumber: ExpressibleByArgument {
    let text: String

    init(argument: String) { text = argument }

    var defaultValueDescription: String { text }

    /// - Throws: `ValidationError` when it is no whole number from `least` to `most`.
    func whole(_ option: String, from least: Int, to most: Int? = nil) throws -> Int {
        guard let number = DecimalText.whole(text), number >= least, number <= most ?? .max else {
            throw refusal(option, "a whole number from \(least)" + (most.map { " to \($0)" } ?? ""))
        }
        return number
    }

    /// - Throws: `ValidationError` when it is no number from 0.
    func number(_ option: String) throws -> Double {
        guard let number = DecimalText.number(text), number >= 0 else { throw refusal(option, "a number from 0") }
        return number
    }

    private func refusal(_ option: String, _ expected: String) -> ValidationError {
        let advice = DecimalText.advice(on: text).map { "; \($0)" } ?? ""
        return ValidationError("\(option) \(text): expected \(expected)\(advice)")
    }
}
