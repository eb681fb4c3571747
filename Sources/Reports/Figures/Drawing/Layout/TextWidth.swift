/// How wide text stands in a figure, estimated: the page chooses the font.
enum TextWidth {
    /// In pixels, rather too wide than too narrow, at a font size in pixels.
    static func estimate(_ text: String, size: Double) -> Double {
        size * text.reduce(0) { $0 + ems($1) }
    }

    /// The text, or as much of its beginning as has room, and an ellipsis.
    static func shortened(_ text: String, to width: Double, size: Double) -> String {
        guard estimate(text, size: size) > width else { return text }
        var kept = ""
        var room = width / size - ems("…")
        for character in text {
            room -= ems(character)
            if room < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    private static func ems(_ character: Character) -> Double {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": return 0.32
        case "f", "t", "r", "(", ")", "[", "]", "-", "/", " ": return 0.42
        case "m", "w", "M", "W", "%", "@", "…", "—": return 0.95
        case "A"..."Z": return 0.72
        default: return isWide(scalar) ? 1.1 : 0.6
        }
    }

    /// East Asian characters fill a square, pictographs a little more.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60,
            0x1f000...0x1faff, 0x20000...0x3fffd:
            true
        default: false
        }
    }
}

extension String {
    /// With a blank for each character that ends a line or that no XML may hold.
    var inOneLine: String {
        var line = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfffe, 0xffff: line.append(" ")
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
