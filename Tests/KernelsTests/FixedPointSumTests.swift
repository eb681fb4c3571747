import Kernels
import TestSupport
import XCTest

final class FixedPointSumTests: XCTestCase {
    func testSumEqualsTheOneTakenInIntegersOf128Bits() {
        for (count, deviation) in [(1, 1.0), (10, 1e-12), (1000, 1), (1000, 1e5), (16384, 3)] {
            let values = randomDoubles(count, deviation)
            let exact = values.reduce(Int128(0)) { $0 + Int128(($1 * 0x1p72).rounded(.toNearestOrEven)) }
            XCTAssertEqual(sum(values), Double(exact) * 0x1p-72, "\(count) values of deviation \(deviation)")
        }
    }

    func testSingleValuesWithABitAboveTheResolutionComeBackUnchanged() {
        for value in [0, 1, -1, 0.1, -0.1, 1e19, -1e19, 0x1p63, -0x1p-19, 0x1p-72, -0x1p-72, 123_456.789] {
            XCTAssertEqual(sum([value]), value)
        }
    }

    func testSmallNegativeSumsDoNotCancelAgainstTheBorrow() {
        XCTAssertEqual(sum([1, -1, -0x1p-72]), -0x1p-72)
        XCTAssertEqual(sum([0x1p60, -0x1p-40, -0x1p60]), -0x1p-40)
        XCTAssertEqual(sum([-3e-13, 1e-13]), -2e-13, accuracy: 0x1p-72)
        XCTAssertEqual(sum([-1, 1]), 0)
    }

    func testSumsOfOneToNAndOfPowersOfTwoAreTheClosedForms() {
        XCTAssertEqual(sum((1...10_000).map(Double.init)), 50_005_000)
        XCTAssertEqual(sum((0...72).map { exp2(-Double($0)) }), 2)
        XCTAssertEqual(sum((0..<1000).map { _ in 0.1 }), 100.00000000000000555, accuracy: 1e-13)
    }

    func testAnyOrderGivesTheSameBits() {
        let values = (0..<60).map { (index: Int) in (index.isMultiple(of: 3) ? -1 : 1) * exp2(Double(index - 20)) / 3 }
        let ascending = digits(values)
        XCTAssertEqual(digits(values.reversed()), ascending)
        var generator = SeededGenerator(seed: 1, for: "order")
        for _ in 0..<20 {
            var shuffled = values
            generator.shuffle(&shuffled)
            XCTAssertEqual(digits(shuffled), ascending)
        }
    }

    func testARoundedContributionErrsByAtMostHalfAUnit() {
        for value in randomDoubles(1000, 1e-18) {
            XCTAssertLessThanOrEqual(abs(sum([value]) - value), 0x1p-73)
        }
    }

    func testWhatIsNotBelowTheLimitIsRefusedAndNothingAdded() {
        for bad in [Double.nan, .infinity, -.infinity, 0x1p64, -0x1p64, .greatestFiniteMagnitude] {
            var digits: [Int64] = [1, 2, 3]
            XCTAssertFalse(FixedPointSum.add(bad, to: &digits), "\(bad)")
            XCTAssertEqual(digits, [1, 2, 3])
        }
    }

    func testTheMostContributionsOfTheLargestValueFit() {
        let largest = FixedPointSum.limit.nextDown
        let count = FixedPointSum.maximumContributions
        XCTAssertEqual(sum([Double](repeating: largest, count: count)), largest * Double(count))
        XCTAssertEqual(sum([Double](repeating: -largest, count: count)), -largest * Double(count))
        // All three digits near their largest.
        let wide = 0x1p40 - 0x1p-13
        XCTAssertEqual(sum([Double](repeating: wide, count: count)), wide * Double(count))
    }

    private func digits(_ values: [Double]) -> [Int64] {
        var digits = [Int64](repeating: 0, count: FixedPointSum.digitCount)
        for value in values { XCTAssertTrue(FixedPointSum.add(value, to: &digits)) }
        return digits
    }

    /// Without a carry the low digit overflows after 32,768 contributions.
    func testWithCarriesASumTakesAnyNumberOfContributions() {
        let largestLowDigit = Double(1 << 48 - 1) * 0x1p-72
        for sign in [1.0, -1.0] {
            var digits = [Int64](repeating: 0, count: FixedPointSum.digitCount)
            for _ in 0..<100_000 {
                XCTAssertTrue(FixedPointSum.add(sign * largestLowDigit, to: &digits))
                FixedPointSum.carry(&digits)
            }
            let expected = Double(100_000 * (Int128(1) << 48 - 1)) * 0x1p-72
            XCTAssertEqual(FixedPointSum.value(of: digits), sign * expected)
        }
    }

    func testACarryLeavesTheSumAlone() {
        for value in [0, 1, -1, 0x1p-72, -0x1p-72, 1e-9, -3.75e11, 0x1.fffffffffffffp63, -0x1.fffffffffffffp63] {
            var sum = digits([value, value])
            let before = FixedPointSum.value(of: sum)
            FixedPointSum.carry(&sum)
            XCTAssertEqual(FixedPointSum.value(of: sum), before)
            XCTAssertTrue(sum[..<2].allSatisfy { (0..<1 << 48).contains($0) }, "\(value)")
        }
    }

    private func sum(_ values: [Double]) -> Double { FixedPointSum.value(of: digits(values)) }

    private func randomDoubles(_ count: Int, _ deviation: Double) -> [Double] {
        var generator = SeededGenerator(seed: 9, for: "doubles")
        return (0..<count).map { _ in deviation * generator.nextNormal() }
    }
}
