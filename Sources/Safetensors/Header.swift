import Foundation

/// The JSON object in front of the data: one entry for each tensor, and the metadata under a name of its own.
struct Header: Codable, Sendable {
    /// Where a tensor lies and how to understand it.
    struct Entry: Codable, Sendable {
        let dtype: String
        let shape: [Int]
        /// First byte and the byte behind the last, counted from the end of the header.
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case dataOffsets = "data_offsets"
        }
    }

    /// The format's own limit, which keeps a corrupt length from being believed.
    static let byteLimit = 100_000_000
    static let metadataName = "__metadata__"

    var entries: [String: Entry] = [:]
    var metadata: [String: String]?

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        // Sorted, so that of several errors every process reports the same.
        for name in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            if name.stringValue == Self.metadataName {
                metadata = try container.decode([String: String].self, forKey: name)
            } else {
                entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(metadata, forKey: Name(stringValue: Self.metadataName))
        for (name, entry) in entries {
            try container.encode(entry, forKey: Name(stringValue: name))
        }
    }
}

extension Header {
    /// Decodes a header and translates the decoder's complaints.
    init(json: some Collection<UInt8>) throws(SafetensorsError.Problem) {
        do {
            self = try JSONDecoder().decode(Header.self, from: Data(json))
        } catch let error as DecodingError {
            throw Self.problem(error)
        } catch {
            throw .invalidJSON
        }
        if Self.countOfNames(in: json) > entries.count + (metadata == nil ? 0 : 1) { throw .duplicateName }
    }

    private static func problem(_ error: DecodingError) -> SafetensorsError.Problem {
        switch error {
        case .keyNotFound(let field, let context):
            .missingField(tensor: context.codingPath.first?.stringValue ?? "", field: field.stringValue)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.isEmpty ? .headerNotAnObject : wrongField(context)
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? .invalidJSON : wrongField(context)
        @unknown default:
            .invalidJSON
        }
    }

    private static func wrongField(_ context: DecodingError.Context) -> SafetensorsError.Problem {
        .wrongField(
            place: context.codingPath.map(\.stringValue).joined(separator: "."), reason: context.debugDescription)
    }

    /// Names of the outermost object, repeated ones counted again: the decoder keeps only one of two equal names.
    private static func countOfNames(in json: some Collection<UInt8>) -> Int {
        var depth = 0
        var insideString = false
        var escaped = false
        var count = 0
        for byte in json {
            if insideString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    insideString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): insideString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: count += 1
            default: break
            }
        }
        return count
    }
}
