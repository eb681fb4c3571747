import Autograd
import XCTest

/// Fails unless every value is within tolerance · max|expected| of what is expected.
///
/// - Parameter scale: the size of the terms that an expected zero is the difference of, where all of them are zero.
public func assertClose(
    _ values: some Collection<Float>, _ expected: [Float], tolerance: Double = 1e-5, scale: Double? = nil,
    _ what: @autoclosure () -> String, file: StaticString = #filePath, line: UInt = #line
) {
    assertClose(
        values.map(Double.init), expected.map(Double.init), tolerance: tolerance, scale: scale, what(), file: file,
        line: line)
}

/// Fails unless every value is within tolerance · max|expected| of what is expected.
public func assertClose(
    _ values: [Double], _ expected: [Double], tolerance: Double = 1e-5, scale: Double? = nil,
    _ what: @autoclosure () -> String, file: StaticString = #filePath, line: UInt = #line
) {
    guard values.count == expected.count else {
        return XCTFail("\(what()): \(values.count) values for \(expected.count)", file: file, line: line)
    }
    let largest = scale ?? expected.reduce(0) { max($0, abs($1)) }
    let error = zip(values, expected).reduce(0.0) { worst, pair in
        let error = abs(pair.0 - pair.1)
        return error.isNaN ? .infinity : max(worst, error)
    }
    if error > tolerance * largest {
        XCTFail("\(what()): off by \(error / largest) of \(largest)", file: file, line: line)
    }
}

/// Fails unless both have the same bits.
public func assertSameBits(
    _ first: [Float], _ second: [Float], _ what: @autoclosure () -> String, file: StaticString = #filePath,
    line: UInt = #line
) {
    XCTAssertEqual(first.map(\.bitPattern), second.map(\.bitPattern), what(), file: file, line: line)
}
