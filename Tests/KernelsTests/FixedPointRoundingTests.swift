import Kernels
import TestSupport
import XCTest

/// A fixed-point sum is rounded once, to the nearest Double, and powers of two pass through it.
final class FixedPointRoundingTests: XCTestCase {
    private let formats = [FixedPointSum.activations, .gradients]

    /// A significand of 53 bits, half of its last place, and something of any size below that.
    func testTheNearestDoubleIsTakenAndOfTwoTheEvenOne() {
        for format in formats {
            // The half of the last place is a unit at least, and the sum stays below the limit.
            for place in stride(from: 1, to: 48 * format.digitCount - 54, by: 7) {
                for significand in [0x1p52, 0x1p52 + 1, 0x1p53 - 1, 0x1.6a09e667f3bccp52, 0x1.6a09e667f3bcdp52] {
                    let last = exp2(Double(format.unitExponent + place))
                    let (exact, isEven) = (significand * last, significand.remainder(dividingBy: 2) == 0)
                    let (half, unit) = (last / 2, exp2(Double(format.unitExponent)))
                    check(format, [exact], exact)
                    check(format, [exact, half], isEven ? exact : exact + last)
                    for tiny in [unit, unit * 0x1p20, half / 1024] where tiny >= unit && tiny < half / 2 {
                        check(format, [exact, half, tiny], exact + last)
                        check(format, [exact, half, -tiny], exact)
                        // Below a power of two the places are half as far apart.
                        check(format, [exact, -half, tiny], significand == 0x1p52 ? exact - half : exact)
                        check(format, [exact, tiny], exact)
                    }
                }
            }
        }
    }

    /// Both ways, so that digits borrow from each other.
    private func check(_ format: FixedPointSum, _ values: [Double], _ expected: Double, line: UInt = #line) {
        XCTAssertEqual(format.sum(values), expected, "\(values)", line: line)
        XCTAssertEqual(format.sum(values.map { -$0 }), -expected, "−\(values)", line: line)
    }

    func testAnIntegerOf127BitsAnywhereInTheSumIsRoundedAsTheStandardLibraryDoes() {
        var generator = SeededGenerator(seed: 4, for: "integers")
        for format in formats {
            for shift in 0...48 * format.digitCount - 128 {
                for bits in [127, 110, 80, 65, 64, 55, 54, 53, 1] {
                    let random = UInt128(generator.next()) << 64 | UInt128(generator.next())
                    let integer = Int128(random >> UInt128(128 - bits)) * (generator.next() & 1 == 0 ? 1 : -1)
                    let unit = exp2(Double(format.unitExponent + shift))
                    XCTAssertEqual(
                        format.sum(pieces(of: integer).map { $0 * unit }), Double(integer) * unit, "\(integer)·\(unit)")
                }
            }
        }
    }

    /// Values without rounding whose sum is the integer.
    private func pieces(of integer: Int128) -> [Double] {
        [(integer >> 96) << 96, (integer >> 48 & 0xFFFF_FFFF_FFFF) << 48, integer & 0xFFFF_FFFF_FFFF].map(Double.init)
    }

    func testASumTimesAPowerOfTwoGivesTheSameTimesThatPower() {
        for format in formats {
            // Multiples of 2⁻³⁰ below 2³⁰, as both formats can move them by 40 places either way.
            var generator = SeededGenerator(seed: 5, for: "scale")
            for count in [1, 2, 7, 100] {
                let values = (0..<count).map { _ in
                    (generator.nextNormal() * exp2(Double(generator.next() % 56))).rounded() * 0x1p-30
                }
                let (digits, sum) = (format.digits(values), format.sum(values))
                for exponent in -40...40 {
                    let factor = exp2(Double(exponent))
                    XCTAssertEqual(format.sum(values.map { factor * $0 }), factor * sum, "2^\(exponent)")
                }
                XCTAssertEqual(format.value(of: digits), sum)
            }
        }
    }

    func testSumsOfFloatsTimesAnyPowerOfTwoGiveTheSameTimesThatPower() {
        let values = randomFloats(200, 6, deviation: 0.01)
        let sum = FixedPointSum.gradients.sum(values.map(Double.init))
        for exponent in stride(from: -100, through: 120, by: 5) {
            let factor = Float(sign: .plus, exponent: exponent, significand: 1)
            XCTAssertEqual(
                FixedPointSum.gradients.sum(values.map { Double(factor * $0) }), Double(factor) * sum, "2^\(exponent)")
        }
    }
}
