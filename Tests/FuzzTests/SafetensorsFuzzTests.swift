import Safetensors
import XCTest

/// Files of weights.
final class SafetensorsFuzzTests: FuzzTestCase {
    func testBrokenSafetensorsFilesAreRefused() throws {
        try fuzz(
            "safetensors", inputs: 10_000, corpus: try Self.corpus(), tokens: Self.tokens, bytesPerByte: 256,
            refusal: SafetensorsError.self
        ) { bytes in
            Self.check(try TensorFile(bytes: bytes, path: "broken.safetensors"), fits: bytes.count)
        }
    }

    /// Breaks the header alone, and states its new length: most broken files fail at the length otherwise.
    func testBrokenHeadersOfTheRightLengthAreRefused() throws {
        let headers = try Self.corpus().map { file in
            let data = try TensorFile(bytes: file, path: "whole").names.isEmpty ? 0 : Self.dataBytes
            return Array(file[8..<(file.count - data)])
        }
        let data = [UInt8](repeating: 1, count: Self.dataBytes)
        try fuzz(
            "safetensors-header", inputs: 10_000, corpus: [headers[0]], tokens: Self.tokens, bytesPerByte: 256,
            refusal: SafetensorsError.self
        ) { header in
            let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
            let bytes = length + header + data
            Self.check(try TensorFile(bytes: bytes, path: "broken.safetensors"), fits: bytes.count)
        }
    }

    static let tokens = [
        "{", "}", "[", "]", ":", ",", "\"", "{}", "[]", "null", "true", "-1", "0", "9223372036854775807", "1e400",
        "-9223372036854775808", "18446744073709551616", "0.5", "1e18", "9e18", "1e19", "-0", "\"F32\"", "\"F64\"",
        "\"I64\"", "\"U8\"", "\"BF16\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\\u0000",
        "\\ud800", "\u{FEFF}", "\u{0}", "4611686018427387904", "4294967296",
    ]

    private static let dataBytes = 4 * 6 + 8 + 8 * 2 + 3

    static func corpus() throws -> [[UInt8]] {
        var file = TensorFile(metadata: ["version": "1"])
        file["dense.weight"] = StoredTensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3])
        file["loss"] = StoredTensor([0.5], shape: [])
        file["counts"] = StoredTensor([7, 8] as [Int64], shape: [2])
        file["text"] = StoredTensor([1, 2, 3] as [UInt8], shape: [3])
        file["nothing"] = StoredTensor([] as [Float], shape: [0, 4])
        return [try file.serialized(), try TensorFile().serialized()]
    }

    static func check(_ file: TensorFile, fits bytes: Int) {
        var total = 0
        for name in file.names {
            guard let tensor = file[name] else { return XCTFail(name) }
            let count =
                switch tensor.elements {
                case .float32(let values): values.count
                case .float64(let values): values.count
                case .float16(let patterns), .bfloat16(let patterns): patterns.count
                case .int64(let values): values.count
                case .int32(let values): values.count
                case .uint8(let values): values.count
                }
            XCTAssertEqual(count, tensor.shape.reduce(1, *))
            total += count * tensor.elementType.byteCount
        }
        XCTAssertLessThanOrEqual(total, bytes)
    }
}
