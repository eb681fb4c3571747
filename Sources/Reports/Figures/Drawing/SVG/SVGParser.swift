/// Reads the SVG that a drawing program writes: elements, attributes and text, without white space between elements.
///
/// Document types, processing instructions and comments are passed over.
struct SVGParser {
    /// Why a text is no SVG.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private var rest: Substring.UTF8View

    /// The outermost element of a document.
    static func root(of text: String) throws -> SVGElement {
        var parser = SVGParser(rest: text[...].utf8)
        while parser.skip(to: "<") {
            if parser.starts(with: "<?") || parser.starts(with: "<!") {
                try parser.skip(behind: ">")
            } else {
                return try parser.element()
            }
        }
        throw Failure(description: "it holds no element")
    }

    /// At its `<`.
    private mutating func element() throws -> SVGElement {
        rest = rest.dropFirst()
        var element = SVGElement(
            String(take { !Self.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }))
        while true {
            _ = take(Self.isBlank)
            if starts(with: "/>") {
                rest = rest.dropFirst(2)
                return element
            }
            if starts(with: ">") {
                rest = rest.dropFirst()
                element.children = try children(of: element.name)
                return element
            }
            element.attributes.append(try attribute(of: element.name))
        }
    }

    private mutating func attribute(of element: String) throws -> SVGElement.Attribute {
        let name = String(
            take { !Self.isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") })
        _ = take(Self.isBlank)
        guard starts(with: "=") else {
            throw Failure(description: "an attribute of \(element) has no value")
        }
        rest = rest.dropFirst()
        _ = take(Self.isBlank)
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw Failure(description: "the attribute \(name) of \(element) has no quotes")
        }
        rest = rest.dropFirst()
        let value = take { $0 != quote }
        rest = rest.dropFirst()
        return SVGElement.Attribute(name: name, value: Self.unescaped(value))
    }

    /// What stands before the end of an element, and passes over that.
    private mutating func children(of name: String) throws -> [SVGElement.Node] {
        var children: [SVGElement.Node] = []
        while true {
            let text = take { $0 != UInt8(ascii: "<") }
            if !text.utf8.allSatisfy(Self.isBlank) { children.append(.text(Self.unescaped(text))) }
            if starts(with: "</\(name)") {
                try skip(behind: ">")
                return children
            }
            guard !rest.isEmpty, !starts(with: "</") else {
                throw Failure(description: "\(name) does not end")
            }
            if starts(with: "<!") {
                try skip(behind: ">")
            } else {
                children.append(.element(try element()))
            }
        }
    }

    private func starts(with text: String) -> Bool { rest.starts(with: text.utf8) }

    private mutating func take(_ condition: (UInt8) -> Bool) -> Substring {
        let taken = rest.prefix(while: condition)
        rest = rest[taken.endIndex...]
        return Substring(taken)
    }

    private mutating func skip(to character: Unicode.Scalar) -> Bool {
        rest = rest.drop { $0 != UInt8(ascii: character) }
        return !rest.isEmpty
    }

    private mutating func skip(behind character: Unicode.Scalar) throws {
        guard skip(to: character) else { throw Failure(description: "it ends too early") }
        rest = rest.dropFirst()
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func unescaped(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return String(text) }
        // The ampersand last, so that `&amp;lt;` becomes `&lt;`.
        return [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
