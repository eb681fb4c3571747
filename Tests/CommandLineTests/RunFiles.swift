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

    /// The fields of `run.json`.
    func description() throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/run.json"))
        return try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The status that `run.json` tells.
    func status() throws -> String { try XCTUnwrap(description()["status"] as? String) }

    /// A field of `result.json`.
    func text(_ key: String) throws -> String { try XCTUnwrap(result()[key] as? String, key) }

    /// A field of `result.json`, or one of its scores.
    func number(_ key: String) throws -> Double {
        let fields = try result()
        let scores = fields["scores"] as? [String: Any]
        return try XCTUnwrap((fields[key] ?? scores?[key]) as? NSNumber, key).doubleValue
    }

    /// The cells of `metrics.csv`, row by row.
    func metrics() throws -> [[String]] {
        let text = try String(contentsOfFile: "\(path)/metrics.csv", encoding: .utf8)
        XCTAssertTrue(text.hasSuffix("\n"))
        return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }

    /// The header of `weights.safetensors`, by tensor, and the bytes behind it. What the file says of itself is left out.
    func weights() throws -> (header: [String: [String: Any]], data: Data) {
        let file = try Data(contentsOf: URL(fileURLWithPath: "\(path)/weights.safetensors"))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
        var tensors = try XCTUnwrap(header as? [String: [String: Any]])
        XCTAssertNotNil(tensors.removeValue(forKey: "__metadata__"))
        return (tensors, Data(file.dropFirst(8 + length)))
    }

    /// The bytes of each tensor of `weights.safetensors`.
    func tensors() throws -> [String: Data] {
        let (header, data) = try weights()
        return try header.mapValues { entry in
            let offsets = try XCTUnwrap(entry["data_offsets"] as? [Int])
            return Data(data[offsets[0]..<offsets[1]])
        }
    }

    /// Writes `weights.safetensors`.
    func write(weights header: [String: [String: Any]], _ data: Data) throws {
        let json = try JSONSerialization.data(withJSONObject: header)
        let length = Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) })
        try (length + json + data).write(to: URL(fileURLWithPath: "\(path)/weights.safetensors"))
    }

    /// Multiplies all values of some tensors of `weights.safetensors`.
    func scaleWeights(by factors: [String: Float]) throws {
        let (header, stored) = try weights()
        var data = stored
        for (name, factor) in factors {
            let offsets = try XCTUnwrap(header[name]?["data_offsets"] as? [Int])
            data[offsets[0]..<offsets[1]].withUnsafeMutableBytes { bytes in
                for index in stride(from: 0, to: bytes.count, by: 4) {
                    let value = bytes.loadUnaligned(fromByteOffset: index, as: Float.self)
                    bytes.storeBytes(of: value * factor, toByteOffset: index, as: Float.self)
                }
            }
        }
        try write(weights: header, data)
    }
}
