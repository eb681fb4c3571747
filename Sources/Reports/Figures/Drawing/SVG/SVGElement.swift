/// An element of an SVG picture, with what it holds.
struct SVGElement: Equatable {
    /// What an element holds.
    enum Node: Equatable {
        case element(SVGElement)
        case text(String)
    }

    /// A name with its value.
    struct Attribute: Equatable {
        let name: String
        var value: String
    }

    var name: String
    var attributes: [Attribute]
    var children: [Node]

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Node] = []) {
        self.name = name
        self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
        self.children = children
    }

    /// An element that holds text.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
        self.init(name, attributes, [.text(text)])
    }

    /// The elements that it holds itself.
    var elements: [SVGElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The value of an attribute; nil takes it away.
    subscript(name: String) -> String? {
        get { attributes.first { $0.name == name }?.value }
        set {
            let place = attributes.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): attributes[place].value = value
            case (let place?, nil): attributes.remove(at: place)
            case (nil, let value?): attributes.append(Attribute(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension SVGElement: CustomStringConvertible {
    /// As it stands in a file.
    var description: String {
        let start = name + attributes.map { " \($0.name)=\"\(xmlText($0.value))\"" }.joined()
        if children.isEmpty { return "<\(start)/>" }
        let content = children.map { child in
            switch child {
            case .element(let element): element.description
            case .text(let text): xmlText(text)
            }
        }
        return "<\(start)>\(content.joined())</\(name)>"
    }
}

/// Text as it stands in XML and HTML, between tags or in an attribute in double quotes; a blank for what neither may hold.
func xmlText(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "\u{0}"..."\u{8}", "\u{b}", "\u{c}", "\u{e}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += " "
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}
