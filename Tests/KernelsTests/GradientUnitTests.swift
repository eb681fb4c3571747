import Kernels
import TestSupport
import XCTest

/// The unit in which a tensor's gradients are counted follows the largest of them.
final class GradientUnitTests: XCTestCase {
    func testTheUnitIsThirtyFivePlacesBelowTheLargestGradient() {
        let units: [(largest: Float, exponent: Int)] = [
            (1, -35), (Float(2).nextDown, -35), (2, -34), (0.75, -36), (0x1p-100, -135),
            (.greatestFiniteMagnitude, 127 - 35),
            // What the smallest Float is a multiple of is fine enough.
            (0x1p-114, -149), (0x1p-115, -149), (.leastNonzeroMagnitude, -149),
        ]
        for (largest, exponent) in units {
            let format = FixedPointGradient(largest: largest)
            XCTAssertEqual(format?.unitExponent, exponent, "\(largest)")
            XCTAssertEqual(format, FixedPointGradient(unitExponent: exponent))
            XCTAssertEqual(format?.unit, exp2(Double(exponent)))
        }
    }

    func testWithoutAGradientOrOfOneThatIsNotFiniteThereIsNoUnit() {
        for largest in [0, -0.0, -1, .nan, .infinity] as [Float] { XCTAssertNil(FixedPointGradient(largest: largest)) }
    }

    func testGradientsDownToAFourThousandthOfTheLargestKeepAllTheirBits() throws {
        for largest in [1, 1.999, 0x1p-60, 3e38, 1e-30] as [Float] {
            let format = try XCTUnwrap(FixedPointGradient(largest: largest))
            // Of every exponent from 2⁻¹² of the largest on, with all bits set, one set, and some.
            let gradient = (0...12).flatMap { places in
                [Float(2).nextDown, Float(1).nextUp, 1.318_527_9].map { significand in
                    Float(sign: .minus, exponent: largest.exponent - places, significand: significand)
                }
            }
            var sum = [Int64](repeating: 0, count: gradient.count)
            XCTAssertTrue(format.add(gradient, count: gradient.count, to: &sum))
            var back = [Float](repeating: .nan, count: gradient.count)
            let found = format.gradient(of: sum, count: gradient.count, into: &back)
            assertSameBits(back, gradient, "below \(largest)")
            XCTAssertEqual(found, Float(sign: .plus, exponent: largest.exponent, significand: Float(2).nextDown))
        }
    }

    func testAShareMayBeFourThousandTimesTheLargestGradient() throws {
        for largest in [1, Float(2).nextDown, 3, 0x1p-60, 1e-30, .leastNonzeroMagnitude] as [Float] {
            let format = try XCTUnwrap(FixedPointGradient(largest: largest))
            var sum = [Int64](repeating: 0, count: 2)
            XCTAssertTrue(format.add([4096 * largest, -4096 * largest], count: 2, to: &sum), "\(largest)")
            XCTAssertEqual(sum[0], Int64(4096 * Double(largest) / format.unit))
            XCTAssertEqual(sum[1], -sum[0])
        }
    }

    func testGradientsTimesAPowerOfTwoGiveTheSameIntegers() throws {
        let share = randomFloats(37, 5, deviation: 0.01)
        let format = try XCTUnwrap(FixedPointGradient(largest: 0.3))
        var integers = [Int64](repeating: 0, count: 37)
        XCTAssertTrue(format.add(share, count: 37, to: &integers))
        for exponent in stride(from: -100, through: 120, by: 11) {
            let factor = Float(sign: .plus, exponent: exponent, significand: 1)
            let scaled = try XCTUnwrap(FixedPointGradient(largest: factor * 0.3))
            var sum = [Int64](repeating: 0, count: 37)
            XCTAssertTrue(scaled.add(share.map { factor * $0 }, count: 37, to: &sum))
            XCTAssertEqual(sum, integers, "2^\(exponent)")
        }
    }
}
