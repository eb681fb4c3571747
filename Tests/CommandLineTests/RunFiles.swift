import Foundation
import XCTest

/// Reading what a run leaves behind, without the program's own code.
struct RunFiles {
    let path: String

    /// The fields of `result.json`.
    func result() throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/result.json"))
        return try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// A field of `result.json`.
    func text(_ key: String) throws -> String { try XCTUnwrap(result()[key] as? String, key) }

    /// A field of `result.json`.
    func number(_ key: String) throws -> Double { try XCTUnwrap(result()[key] as? NSNumber, key).doubleValue }

    /// The cells of `metrics.csv`, row by row.
    func metrics() throws -> [[String]] {
        let text = try String(contentsOfFile: "\(path)/metrics.csv", encoding: .utf8)
        XCTAssertTrue(text.hasSuffix("\n"))
        return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }

    /// The header of `weights.safetensors`, by tensor, and the bytes behind it.
    func weights() throws -> (header: [String: [String: Any]], data: Data) {
        let file = try Data(contentsOf: URL(fileURLWithPath: "\(path)/weights.safetensors"))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
        return (try XCTUnwrap(header as? [String: [String: Any]]), Data(file.dropFirst(8 + length)))
    }

    /// Writes `weights.safetensors`.
    func write(weights header: [String: [String: Any]], _ data: Data) throws {
        let json = try JSONSerialization.data(withJSONObject: header)
        let length = Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) })
        try (length + json + data).write(to: URL(fileURLWithPath: "\(path)/weights.safetensors"))
    }
}
