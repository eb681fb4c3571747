import Kernels
import TestSupport
import XCTest

final class FixedPointSumTests: XCTestCase {
    private let activations = FixedPointSum.activations
    private let formats = [FixedPointSum.activations, .gradients]

    func testSumEqualsTheOneTakenInIntegersOf128Bits() {
        for (count, deviation) in [(1, 1.0), (10, 1e-12), (1000, 1), (1000, 1e5), (16384, 3)] {
            let values = randomDoubles(count, deviation)
            let exact = values.reduce(Int128(0)) { $0 + Int128(($1 * 0x1p72).rounded(.toNearestOrEven)) }
            XCTAssertEqual(
                activations.sum(values), Double(exact) * 0x1p-72, "\(count) values of deviation \(deviation)")
        }
    }

    func testSingleValuesWithABitAboveTheResolutionComeBackUnchanged() {
        for value in [0, 1, -1, 0.1, -0.1, 1e19, -1e19, 0x1p63, -0x1p-19, 0x1p-72, -0x1p-72, 123_456.789] {
            for format in formats { XCTAssertEqual(format.sum([value]), value) }
        }
    }

    func testEveryFiniteFloatIsAGradientWithoutRounding() {
        var values: [Float] = [
            .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p-140 * 1.25,
        ]
        var generator = SeededGenerator(seed: 3, for: "floats")
        while values.count < 10_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            if value.isFinite { values.append(value) }
        }
        for value in values {
            XCTAssertEqual(FixedPointSum.gradients.sum([Double(value)]), Double(value))
            XCTAssertEqual(FixedPointSum.gradients.sum([-Double(value)]), -Double(value))
        }
    }

    func testSmallNegativeSumsDoNotCancelAgainstTheBorrow() {
        for format in formats {
            XCTAssertEqual(format.sum([1, -1, -0x1p-72]), -0x1p-72)
            XCTAssertEqual(format.sum([0x1p60, -0x1p-40, -0x1p60]), -0x1p-40)
            XCTAssertEqual(format.sum([-3e-13, 1e-13]), -2e-13, accuracy: 0x1p-72)
            XCTAssertEqual(format.sum([-1, 1]), 0)
        }
        XCTAssertEqual(FixedPointSum.gradients.sum([0x1p127, -0x1p-160, -0x1p127]), -0x1p-160)
    }

    func testSumsOfOneToNAndOfPowersOfTwoAreTheClosedForms() {
        for format in formats {
            XCTAssertEqual(format.sum((1...10_000).map(Double.init)), 50_005_000)
            XCTAssertEqual(format.sum((0...72).map { exp2(-Double($0)) }), 2)
            XCTAssertEqual(format.sum((0..<1000).map { _ in 0.1 }), 100.00000000000000555, accuracy: 1e-13)
        }
    }

    func testAnyOrderGivesTheSameBits() {
        let values = (0..<60).map { (index: Int) in (index.isMultiple(of: 3) ? -1 : 1) * exp2(Double(index - 20)) / 3 }
        for format in formats {
            let ascending = format.digits(values)
            XCTAssertEqual(format.digits(values.reversed()), ascending)
            var generator = SeededGenerator(seed: 1, for: "order")
            for _ in 0..<20 {
                var shuffled = values
                generator.shuffle(&shuffled)
                XCTAssertEqual(format.digits(shuffled), ascending)
            }
        }
    }

    func testARoundedContributionErrsByAtMostHalfAUnit() {
        for format in formats {
            let unit = exp2(Double(format.unitExponent))
            for value in randomDoubles(1000, 2_000 * unit) {
                XCTAssertLessThanOrEqual(abs(format.sum([value]) - value), unit / 2)
            }
            for (halves, rounded) in [(0.5, 0.0), (1.5, 2), (2.5, 2), (3.5, 4), (0.25, 0), (0.75, 1)] {
                XCTAssertEqual(format.sum([halves * unit]), rounded * unit)
                XCTAssertEqual(format.sum([-halves * unit]), -rounded * unit)
            }
        }
    }

    func testWhatIsNotBelowTheLimitIsRefusedAndNothingAdded() {
        XCTAssertEqual(formats.map(\.limit), [0x1p72, 0x1p128])
        for format in formats {
            for bad in [Double.nan, .infinity, -.infinity, format.limit, -format.limit, .greatestFiniteMagnitude] {
                var digits = (0..<format.digitCount).map { Int64($0 + 1) }
                XCTAssertFalse(format.add(bad, to: &digits), "\(bad)")
                XCTAssertEqual(digits, (0..<format.digitCount).map { Int64($0 + 1) })
            }
        }
    }

    func testTheMostContributionsOfTheLargestValueFit() {
        let count = FixedPointSum.maximumContributions
        for format in formats {
            let largest = format.limit.nextDown
            XCTAssertEqual(
                format.sum([Double](repeating: largest, count: count)), largest * Double(count))
            XCTAssertEqual(format.sum([Double](repeating: -largest, count: count)), -largest * Double(count))
            // The three lowest digits near their largest.
            let wide = (0x1p112 - 0x1p59) * exp2(Double(format.unitExponent))
            XCTAssertEqual(format.sum([Double](repeating: wide, count: count)), wide * Double(count))
        }
    }

    /// Without a carry the low digit overflows after 32,768 contributions.
    func testWithCarriesASumTakesAnyNumberOfContributions() {
        for format in formats {
            let unit = exp2(Double(format.unitExponent))
            let largestLowDigit = Double(1 << 48 - 1) * unit
            for sign in [1.0, -1.0] {
                var digits = [Int64](repeating: 0, count: format.digitCount)
                for _ in 0..<100_000 {
                    XCTAssertTrue(format.add(sign * largestLowDigit, to: &digits))
                    format.carry(&digits)
                }
                let expected = Double(100_000 * (Int128(1) << 48 - 1)) * unit
                XCTAssertEqual(format.value(of: digits), sign * expected)
            }
        }
    }

    func testACarryLeavesTheSumAlone() {
        for format in formats {
            for value in [0, 1, -1, 0x1p-72, -0x1p-72, 1e-9, -3.75e11, 0x1.fffffffffffffp63, -0x1.fffffffffffffp63] {
                var sum = format.digits([value, value])
                let before = format.value(of: sum)
                format.carry(&sum)
                XCTAssertEqual(format.value(of: sum), before)
                XCTAssertTrue(sum.dropLast().allSatisfy { (0..<1 << 48).contains($0) }, "\(value)")
            }
        }
    }

    private func randomDoubles(_ count: Int, _ deviation: Double) -> [Double] {
        var generator = SeededGenerator(seed: 9, for: "doubles")
        return (0..<count).map { _ in deviation * generator.nextNormal() }
    }
}

extension FixedPointSum {
    /// The digits of the sum of values, none of which may be refused.
    func digits(_ values: [Double]) -> [Int64] {
        var digits = [Int64](repeating: 0, count: digitCount)
        for value in values { XCTAssertTrue(add(value, to: &digits), "\(value)") }
        return digits
    }

    /// The sum of values, none of which may be refused.
    func sum(_ values: [Double]) -> Double { value(of: digits(values)) }
}
