import XCTest

/// Floats at an address that stays, with a fence behind them that nothing may overwrite.
final class Values {
    let count: Int
    let pointer: UnsafeMutablePointer<Float>
    private static let fence: Float = 12345
    private static let fenceCount = 64

    init(_ count: Int, _ value: (Int) -> Float) {
        self.count = count
        pointer = .allocate(capacity: count + Values.fenceCount)
        for index in 0..<count { pointer[index] = value(index) }
        for index in count..<count + Values.fenceCount { pointer[index] = Values.fence }
    }

    deinit { pointer.deallocate() }

    /// Numbers in [−1, 1) that are the same on every machine (Knuth's MMIX generator).
    static func random(_ count: Int, seed: UInt64) -> Values {
        var state = seed
        return Values(count) { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
        }
    }

    /// An output that has not been written yet.
    static func unwritten(_ count: Int) -> Values { Values(count) { _ in .nan } }

    var doubles: [Double] { (0..<count).map { Double(pointer[$0]) } }
    var bits: [UInt32] { (0..<count).map { pointer[$0].bitPattern } }
    var fenceStands: Bool {
        (count..<count + Values.fenceCount).allSatisfy { pointer[$0] == Values.fence }
    }
}

/// Fails unless every value is within 1e-6 + 1e-5 · max|expected| of what is expected, and the fence stands.
func assertClose(
    _ values: Values, _ expected: [Double], _ what: String, file: StaticString = #filePath, line: UInt = #line
) {
    XCTAssertEqual(values.count, expected.count, what, file: file, line: line)
    let tolerance = 1e-6 + 1e-5 * expected.reduce(0) { max($0, abs($1)) }
    let worst = zip(values.doubles, expected).map { $0.isNaN ? .infinity : abs($0 - $1) }.max() ?? 0
    XCTAssertLessThanOrEqual(worst, tolerance, what, file: file, line: line)
    XCTAssertTrue(values.fenceStands, "\(what): written beyond the end", file: file, line: line)
}
