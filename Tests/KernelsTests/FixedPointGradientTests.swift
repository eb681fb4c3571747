import Kernels
import TestSupport
import XCTest

final class FixedPointGradientTests: XCTestCase {
    /// 2⁻⁴⁸, and the magnitude 1 below which its gradients stay.
    private let format = FixedPointGradient(unitExponent: -48)

    func testVectorAdditionEqualsThePlainOneAtEveryMagnitudeAndLength() {
        for unitExponent in [-149, -100, -48, 0, 79] {
            let format = FixedPointGradient(unitExponent: unitExponent)
            for count in 0...33 {
                for exponent in stride(from: -2.0, through: 48, by: 3.1) {
                    let deviation = exp2(Double(unitExponent) + exponent) / 8
                    let gradient = randomFloats(count, UInt64(count), deviation: deviation)
                    let fast = Fenced([Int64](repeating: 5, count: count), fence: 7)
                    XCTAssertTrue(format.add(gradient, count: count, to: fast.pointer))
                    var plain = [Int64](repeating: 5, count: count)
                    format.addReference(gradient, count: count, to: &plain)
                    XCTAssertEqual(fast.values, plain, "\(count) values near \(deviation) in 2^\(unitExponent)")
                    XCTAssertTrue(fast.fenceStands)
                }
            }
        }
    }

    func testMultiplesOfTheUnitAreAddedExactly() {
        let terms: [Int64] = [1, -1, 2, -3, 1 << 20, -(1 << 23) - 1, 1 << 40, -(1 << 47), 77]
        let gradient = terms.map { Float($0) * Float(format.unit) }
        var sum = [Int64](repeating: 0, count: terms.count)
        for _ in 0..<3 { XCTAssertTrue(format.add(gradient, count: 9, to: &sum)) }
        XCTAssertEqual(sum, terms.map { 3 * Int64(Float($0)) })
        var back = [Float](repeating: .nan, count: terms.count)
        let largest = format.gradient(of: sum, count: 9, into: &back)
        XCTAssertEqual(back, sum.map { Float(Double($0) * format.unit) })
        XCTAssertEqual(largest, 1.5)
    }

    func testHalvesAreRoundedToTheEvenMultiple() {
        // Nine, so that the vector part and the remainder both take part.
        let halves: [Float] = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.25, 0.75, 3.5]
        var sum = [Int64](repeating: 0, count: 9)
        XCTAssertTrue(format.add(halves.map { $0 * Float(format.unit) }, count: 9, to: &sum))
        XCTAssertEqual(sum, [0, 2, 2, 0, -2, -2, 0, 1, 4])
    }

    func testEachContributionErrsByAtMostHalfAUnit() {
        let gradient = randomFloats(1000, 3, deviation: 1e-11)
        var sum = [Int64](repeating: 0, count: 1000)
        XCTAssertTrue(format.add(gradient, count: 1000, to: &sum))
        for (value, integer) in zip(gradient, sum) {
            XCTAssertLessThanOrEqual(abs(Double(value) / format.unit - Double(integer)), 0.5)
        }
    }

    func testAnyOrderOfTheWorkersGivesTheSameBits() {
        let workers = (0..<12).map { randomFloats(37, UInt64($0), deviation: exp2(Double($0) - 16)) }
        func sum(_ order: [Int]) -> [Int64] {
            var sum = [Int64](repeating: 0, count: 37)
            for worker in order { XCTAssertTrue(format.add(workers[worker], count: 37, to: &sum)) }
            return sum
        }
        let ascending = sum(Array(0..<12))
        XCTAssertEqual(sum((0..<12).reversed()), ascending)
        XCTAssertEqual(sum([3, 11, 0, 7, 5, 1, 9, 10, 2, 8, 6, 4]), ascending)
    }

    func testWhatIsNotBelowTheLimitIsRefusedWhereverItStandsAndNothingIsAdded() {
        XCTAssertEqual(format.limit, 1)
        let (limit, before) = (Float(format.limit), (0..<17).map { Int64($0) << 40 })
        for place in 0..<17 {
            for bad in [Float.nan, -.nan, .infinity, -.infinity, limit, -limit, .greatestFiniteMagnitude] {
                var gradient = [Float](repeating: 0.375, count: 17)
                gradient[place] = bad
                var sum = before
                XCTAssertFalse(format.add(gradient, count: 17, to: &sum), "\(bad) at \(place)")
                XCTAssertEqual(sum, before, "\(bad) at \(place)")
            }
            for good in [limit.nextDown, -limit.nextDown] {
                var gradient = [Float](repeating: 0.375, count: 17)
                gradient[place] = good
                var sum = before
                XCTAssertTrue(format.add(gradient, count: 17, to: &sum))
                XCTAssertEqual(sum[place], before[place] + Int64(Double(good) / format.unit))
            }
        }
    }

    /// What is added to a sum that is full wraps around, and back.
    func testAFullSumSurvivesARefusal() {
        let before = [Int64](repeating: .max, count: 9) + [Int64](repeating: .min, count: 9)
        var sum = before
        XCTAssertFalse(format.add([Float](repeating: -3, count: 17) + [.nan], count: 18, to: &sum))
        XCTAssertEqual(sum, before)
    }

    func testAsManyWorkersAsTheLimitWasMadeForCannotOverflow() {
        let largest = Float(format.limit).nextDown
        let gradient = (0..<9).map { $0.isMultiple(of: 2) ? largest : -largest }
        for workers in [1, 3, 1000, FixedPointSum.maximumContributions] {
            var sum = [Int64](repeating: 0, count: 9)
            for _ in 0..<workers { XCTAssertTrue(format.add(gradient, count: 9, to: &sum)) }
            XCTAssertEqual(
                sum, gradient.map { Int64(workers) * Int64(Double($0) / format.unit) }, "\(workers) workers")
        }
    }

    func testTheLargestMagnitudeComesWithTheGradient() {
        var gradient = [Float](repeating: .nan, count: 3)
        XCTAssertEqual(format.gradient(of: [3, -5 << 46, 7], count: 3, into: &gradient), 1.25)
        XCTAssertEqual(gradient, [3 * Float(format.unit), -1.25, 7 * Float(format.unit)])
        XCTAssertEqual(format.gradient(of: [0, 0, 0], count: 3, into: &gradient), 0)
        XCTAssertEqual(
            FixedPointGradient(unitExponent: 92).gradient(of: [1 << 36], count: 1, into: &gradient), .infinity)
    }
}
