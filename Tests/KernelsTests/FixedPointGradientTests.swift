import Kernels
import TestSupport
import XCTest

final class FixedPointGradientTests: XCTestCase {
    private let unit = FixedPointGradient.unit

    func testVectorAdditionEqualsThePlainOneAtEveryMagnitudeAndLength() {
        for count in 0...33 {
            for exponent in stride(from: -50.0, through: 12, by: 3.1) {
                let gradient = randomFloats(count, UInt64(count), deviation: exp2(exponent) / 8)
                let fast = Fenced([Int64](repeating: 5, count: count), fence: 7)
                XCTAssertTrue(FixedPointGradient.add(gradient, count: count, limit: 0x1p14, to: fast.pointer))
                var plain = [Int64](repeating: 5, count: count)
                FixedPointGradient.addReference(gradient, count: count, to: &plain)
                XCTAssertEqual(fast.values, plain, "\(count) values near 2^\(exponent)")
                XCTAssertTrue(fast.fenceStands)
            }
        }
    }

    func testMultiplesOfTheUnitAreAddedExactly() {
        let terms: [Int64] = [1, -1, 2, -3, 1 << 20, -(1 << 23) - 1, 1 << 40, -(1 << 61), 77]
        let gradient = terms.map { Float($0) * Float(unit) }
        var sum = [Int64](repeating: 0, count: terms.count)
        for _ in 0..<3 { XCTAssertTrue(FixedPointGradient.add(gradient, count: 9, limit: 0x1p14, to: &sum)) }
        XCTAssertEqual(sum, terms.map { 3 * Int64(Float($0)) })
        var back = [Float](repeating: .nan, count: terms.count)
        FixedPointGradient.gradient(of: sum, count: 9, into: &back)
        XCTAssertEqual(back, sum.map { Float(Double($0) * unit) })
    }

    func testHalvesAreRoundedToTheEvenMultiple() {
        // Nine, so that the vector part and the remainder both take part.
        let halves: [Float] = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.25, 0.75, 3.5]
        var sum = [Int64](repeating: 0, count: 9)
        XCTAssertTrue(FixedPointGradient.add(halves.map { $0 * Float(unit) }, count: 9, limit: 1, to: &sum))
        XCTAssertEqual(sum, [0, 2, 2, 0, -2, -2, 0, 1, 4])
    }

    func testEachContributionErrsByAtMostHalfAUnit() {
        let gradient = randomFloats(1000, 3, deviation: 1e-11)
        var sum = [Int64](repeating: 0, count: 1000)
        XCTAssertTrue(FixedPointGradient.add(gradient, count: 1000, limit: 1, to: &sum))
        for (value, integer) in zip(gradient, sum) {
            XCTAssertLessThanOrEqual(abs(Double(value) / unit - Double(integer)), 0.5)
        }
    }

    func testAnyOrderOfTheWorkersGivesTheSameBits() {
        let workers = (0..<12).map { randomFloats(37, UInt64($0), deviation: exp2(Double($0) - 6)) }
        func sum(_ order: [Int]) -> [Int64] {
            var sum = [Int64](repeating: 0, count: 37)
            for worker in order {
                XCTAssertTrue(FixedPointGradient.add(workers[worker], count: 37, limit: 1000, to: &sum))
            }
            return sum
        }
        let ascending = sum(Array(0..<12))
        XCTAssertEqual(sum((0..<12).reversed()), ascending)
        XCTAssertEqual(sum([3, 11, 0, 7, 5, 1, 9, 10, 2, 8, 6, 4]), ascending)
    }

    func testWhatIsNotBelowTheLimitIsRefusedWhereverItStands() {
        let limit = FixedPointGradient.limit(workers: 8)
        XCTAssertEqual(limit, 2048)
        for place in 0..<17 {
            for bad in [Float.nan, -.nan, .infinity, -.infinity, limit, -limit, .greatestFiniteMagnitude] {
                var gradient = [Float](repeating: 0.5, count: 17)
                gradient[place] = bad
                var sum = [Int64](repeating: 0, count: 17)
                XCTAssertFalse(
                    FixedPointGradient.add(gradient, count: 17, limit: limit, to: &sum), "\(bad) at \(place)")
            }
            for good in [limit.nextDown, -limit.nextDown] {
                var gradient = [Float](repeating: 0.5, count: 17)
                gradient[place] = good
                var sum = [Int64](repeating: 0, count: 17)
                XCTAssertTrue(FixedPointGradient.add(gradient, count: 17, limit: limit, to: &sum))
            }
        }
    }

    func testAsManyWorkersAsTheLimitWasMadeForCannotOverflow() {
        for workers in [1, 3, 7, 32, 1000] {
            let largest = FixedPointGradient.limit(workers: workers).nextDown
            let gradient = (0..<9).map { $0.isMultiple(of: 2) ? largest : -largest }
            var sum = [Int64](repeating: 0, count: 9)
            for _ in 0..<workers {
                XCTAssertTrue(
                    FixedPointGradient.add(
                        gradient, count: 9, limit: FixedPointGradient.limit(workers: workers), to: &sum))
            }
            XCTAssertEqual(sum, gradient.map { Int64(workers) * Int64(Double($0) / unit) }, "\(workers) workers")
        }
    }
}
