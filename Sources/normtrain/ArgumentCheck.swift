import Foundation
import Runs

/// Whether the command line is text: Swift would put another character in place of bytes that are none, and a file of
/// another name would be written or missed.
enum ArgumentCheck {
    /// The refusal of the first argument that is not UTF-8; nil when all are.
    static var failure: AgreedFailure? {
        let arguments = (1..<max(1, Int(CommandLine.argc))).compactMap { number in
            CommandLine.unsafeArgv[number].map {
                (number, [UInt8](UnsafeRawBufferPointer(start: $0, count: strlen($0))))
            }
        }
        return arguments.lazy.compactMap { failure(number: $0, bytes: $1) }.first
    }

    /// The refusal of these bytes; nil when they are UTF-8.
    static func failure(number: Int, bytes: [UInt8]) -> AgreedFailure? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        let shown = bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : String(format: "\\x%02X", $0) }
        return AgreedFailure(
            rank: nil,
            message: """
                argument \(number), \(shown.joined()), is not UTF-8: give the file or folder a name that is, or reach it \
                through a symbolic link.
                """)
    }
}
