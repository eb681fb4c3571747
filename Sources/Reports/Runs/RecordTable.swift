import Foundation

/// A table of comma-separated cells without quotes, under a header: `metrics.csv`, for example.
///
/// A last line that is not ended yet is none of its rows: the run may be at work on it.
public struct RecordTable: Equatable, Sendable {
    /// The names of the columns.
    public let columns: [String]
    /// How many rows there are.
    public let rowCount: Int
    /// Whole lines, the header first.
    private let bytes: [UInt8]

    /// A table from the bytes of its file.
    public init(csv: [UInt8]) {
        let end = csv.lastIndex(of: newline).map { $0 + 1 } ?? 0
        bytes = Array(csv[..<end])
        columns = bytes.prefix { $0 != newline }
            .split(separator: comma, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        rowCount = max(0, bytes.count { $0 == newline } - 1)
    }

    /// The numbers of a column, row by row; a cell that is no number gives NaN. nil without such a column.
    public func numbers(_ column: String) -> [Double]? {
        guard let index = columns.firstIndex(of: column) else { return nil }
        var numbers: [Double] = []
        numbers.reserveCapacity(rowCount)
        bytes.withUnsafeBytes { buffer in
            forEachCell(in: index) { cell in
                guard let start = buffer.baseAddress.map({ $0 + cell.lowerBound }), !cell.isEmpty else {
                    return numbers.append(.nan)
                }
                // It ends at the comma or the line's end behind the cell.
                var end: UnsafeMutablePointer<CChar>?
                let number = strtod(start.assumingMemoryBound(to: CChar.self), &end)
                let length = end.map { UnsafeRawPointer($0) - start } ?? 0
                numbers.append(length == cell.count ? number : .nan)
            }
        }
        return numbers
    }

    /// The texts of a column, row by row; nil without such a column.
    public func texts(_ column: String) -> [String]? {
        guard let index = columns.firstIndex(of: column) else { return nil }
        var texts: [String] = []
        forEachCell(in: index) { texts.append(String(decoding: bytes[$0], as: UTF8.self)) }
        return texts
    }

    /// Hands out where the cells of a column lie; an empty place where a row is too short.
    private func forEachCell(in column: Int, _ body: (Range<Int>) -> Void) {
        bytes.withUnsafeBufferPointer { buffer in
            var position = (buffer.firstIndex(of: newline) ?? -1) + 1
            while position < buffer.count {
                var (start, end, index) = (position, position, 0)
                while buffer[position] != newline {
                    if buffer[position] == comma {
                        if index == column { end = position }
                        index += 1
                        if index == column { start = position + 1 }
                    }
                    position += 1
                }
                if index == column { end = position }
                body(index < column ? position..<position : start..<end)
                position += 1
            }
        }
    }
}

private let newline = UInt8(ascii: "\n")
private let comma = UInt8(ascii: ",")
