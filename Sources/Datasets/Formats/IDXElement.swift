/// What an IDX file holds, by the third byte of its magic number.
enum IDXElement: UInt32 {
    case unsignedByte = 0x08
    case signedByte = 0x09
    case short = 0x0b
    case integer = 0x0c
    case float = 0x0d
    case double = 0x0e

    /// The elements and the number of dimensions of which a magic number tells; nil when it is none.
    static func read(magic: UInt32) -> (element: IDXElement, dimensionCount: Int)? {
        let count = magic & 0xff
        guard magic >> 16 == 0, count > 0, let element = IDXElement(rawValue: magic >> 8) else { return nil }
        return (element, Int(count))
    }

    /// Bytes of one element.
    var byteCount: Int {
        switch self {
        case .unsignedByte, .signedByte: 1
        case .short: 2
        case .integer, .float: 4
        case .double: 8
        }
    }

    var isInteger: Bool { self != .float && self != .double }

    /// The elements of a file, in words.
    var words: String {
        switch self {
        case .unsignedByte: "unsigned bytes"
        case .signedByte: "signed bytes"
        case .short: "16-bit integers"
        case .integer: "32-bit integers"
        case .float: "32-bit floating-point numbers"
        case .double: "64-bit floating-point numbers"
        }
    }
}

extension IDXMagic {
    /// The last byte of the magic number.
    var dimensionCount: Int { Int(rawValue & 0xff) }
}
