import Kernels
import TestSupport
import XCTest

/// What becomes of the variance where the mean is large against the deviation.
final class VarianceTests: XCTestCase {
    private static let count = 25_088

    func testAtAThousandDeviationsDoubleMomentsHoldNineDigitsWhileFloatLosesAllButOne() {
        let channels = 19
        let values = randomFloats(Self.count * channels, 21, mean: 1000)
        let zeros = [Float](repeating: 0, count: channels)
        let near = [Float](repeating: 999, count: channels)
        let fromZero = variances(values, channels, pivot: zeros)
        let pivoted = variances(values, channels, pivot: near)
        for channel in 0..<channels {
            let column = (0..<Self.count).map { values[$0 * channels + channel] }
            let exact = variance(.twoPass, column)
            XCTAssertLessThanOrEqual(abs(fromZero[channel] / exact - 1), 1e-9, "channel \(channel), pivot 0")
            XCTAssertLessThanOrEqual(abs(pivoted[channel] / exact - 1), 1e-12, "channel \(channel), pivot 999")
            XCTAssertGreaterThan(abs(variance(.naiveFloat, column) / exact - 1), 1e-3, "channel \(channel), Float")
        }
    }

    /// The decimal order of each formula's relative error by mean over deviation: below ten times what is stated and,
    /// for those that are there to show a loss, above a thirtieth of it.
    func testEveryFormulaLosesTheDigitsThatItIsKnownToLose() {
        let table: [(formula: VarianceFormula, showsLoss: Bool, errors: [Double])] = [
            (.naiveFloat, true, [6e-6, 7e-4, 6e-2, 7]),
            (.momentsDouble, false, [1e-14, 9e-13, 7.5e-11, 1e-8]),
            (.pivotedMoments, false, [1e-14, 1e-14, 1e-14, 1e-14]),
            (.chanFloat, false, [4e-7, 4e-7, 2e-6, 2e-5]),
        ]
        for (formula, showsLoss, errors) in table {
            for (ratio, expected) in zip([10, 100, 1e3, 1e4], errors) {
                let values = randomFloats(Self.count, 22, mean: ratio)
                let error = abs(variance(formula, values) / variance(.twoPass, values) - 1)
                XCTAssertLessThanOrEqual(error, 10 * expected, "\(formula) at \(ratio)")
                if showsLoss { XCTAssertGreaterThanOrEqual(error, expected / 30, "\(formula) at \(ratio)") }
            }
        }
    }

    func testEveryFormulaIsExactForOneTwoThreeFour() {
        for formula in VarianceFormula.allCases {
            let (mean, variance) = ([1, 2, 3, 4] as [Float]).withUnsafeBufferPointer(formula.callAsFunction)
            XCTAssertEqual(mean, 2.5, accuracy: 1e-6, formula.rawValue)
            XCTAssertEqual(variance, 1.25, accuracy: 1e-6, formula.rawValue)
        }
    }

    private func variance(_ formula: VarianceFormula, _ values: [Float]) -> Double {
        values.withUnsafeBufferPointer(formula.callAsFunction).variance
    }

    private func variances(_ values: [Float], _ channels: Int, pivot: [Float]) -> [Double] {
        var sum = [Double](repeating: 0, count: channels)
        var squares = sum
        addChannelMoments(
            of: values, pixels: Self.count, channels: channels, pivot: pivot, sum: &sum, squareSum: &squares)
        let count = Double(Self.count)
        return zip(sum, squares).map { $1 / count - $0 / count * ($0 / count) }
    }
}
