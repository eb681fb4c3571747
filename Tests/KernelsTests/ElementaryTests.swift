import Foundation
import Kernels
import XCTest

/// Elementary functions against the C library's and against known values.
final class ElementaryTests: XCTestCase {
    func testExponentialAgreesWithTheCLibrary() {
        for value in stride(from: -700.0, through: 0, by: 0.37) {
            XCTAssertEqual(exponential(ofNonPositive: value) / exp(value), 1, accuracy: 1e-15, "\(value)")
        }
        XCTAssertEqual(exponential(ofNonPositive: 0), 1)
        XCTAssertEqual(exponential(ofNonPositive: -1e9), 0)
        XCTAssertEqual(exponential(ofNonPositive: -.infinity), 0)
        XCTAssertTrue(exponential(ofNonPositive: .nan).isNaN)
    }

    func testNaturalLogarithmAgreesWithKnownValues() {
        let logarithmOfTwo = 0.693_147_180_559_945_309_417
        let known = [
            (1.0, 0.0), (2, logarithmOfTwo), (0.5, -logarithmOfTwo), (0x1p-53, -53 * logarithmOfTwo),
            (10, 2.302_585_092_994_045_684), (0.1, -2.302_585_092_994_045_684), (3, 1.098_612_288_668_109_691),
            (1.414_213_562_373_095_1, logarithmOfTwo / 2), (0x1p1000, 1000 * logarithmOfTwo),
        ]
        for (value, logarithm) in known {
            let accuracy = 4e-16 * logarithm.magnitude
            XCTAssertEqual(naturalLogarithm(value), logarithm, accuracy: accuracy, "of \(value)")
        }
    }

    func testTheCosineIsExactWhereItIsAWholeNumber() {
        XCTAssertEqual(cosine(ofHalfTurns: 0), 1)
        XCTAssertEqual(cosine(ofHalfTurns: 0.5), 0)
        XCTAssertEqual(cosine(ofHalfTurns: 1), -1)
    }

    func testTheCosineHasItsKnownValues() {
        let known = [
            (1 / 6.0, 3.0.squareRoot() / 2), (0.2, (1 + 5.0.squareRoot()) / 4), (0.25, 0.5.squareRoot()),
            (1 / 3.0, 0.5),
            (0.75, -0.5.squareRoot()), (2 / 3.0, -0.5),
        ]
        for (turns, value) in known { XCTAssertEqual(cosine(ofHalfTurns: turns), value, accuracy: 2.3e-16, "\(turns)") }
    }

    /// The C library takes an angle, which the product with π has rounded.
    func testTheCosineAgreesWithTheCLibrary() {
        for step in 0...100_000 {
            let turns = Double(step) / 100_000
            XCTAssertEqual(cosine(ofHalfTurns: turns), cos(.pi * turns), accuracy: 5e-16, "\(turns)")
        }
    }

    /// Near its zero the cosine is a small sine, whose angle has all its digits.
    func testTheCosineKeepsItsDigitsNearZero() {
        for exponent in -50 ... -2 {
            for significand in [1, 1.2, 1.7, 1.999] {
                let distance = (significand * 0x1p40).rounded() * 0x1p-40 * exp2(Double(exponent))
                guard 0.5 - (0.5 - distance) == distance, 0.5 + distance - 0.5 == distance else { continue }
                let value = cosine(ofHalfTurns: 0.5 - distance)
                XCTAssertEqual(value / sin(.pi * distance), 1, accuracy: 3 * .ulpOfOne, "\(distance)")
                XCTAssertEqual(cosine(ofHalfTurns: 0.5 + distance), -value, "\(distance)")
            }
        }
    }

    func testTheCosineFalls() {
        let values = (0...1024).map { cosine(ofHalfTurns: Double($0) / 1024) }
        XCTAssertTrue(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
        // Mirrored at ½, with the same digits.
        XCTAssertEqual(values.reversed().map { -$0 }, values)
    }

    func testPowersOfWholeNumbersAreExact() {
        for (base, largest) in [(2, 62), (-2, 62), (3, 33), (-3, 33), (10, 15), (1, 100), (-1, 101)] {
            var product = 1
            for exponent in 0...largest {
                XCTAssertEqual(power(Double(base), exponent), Double(product), "\(base) to \(exponent)")
                if exponent < largest { product *= base }
            }
        }
        XCTAssertEqual(power(0.5, 1074), .leastNonzeroMagnitude)
        XCTAssertEqual(power(0, 3), 0)
        XCTAssertEqual([0, -4, .infinity].map { power($0, 0) }, [1, 1, 1])
    }

    func testPowersAgreeWithTheCLibrary() {
        for base in [0.1, 0.999, 1.0001, 7.3, -0.97] {
            for exponent in [1, 2, 3, 10, 31, 100, 1000] where abs(pow(base, Double(exponent))) > 1e-300 {
                let value = power(base, exponent)
                guard value.isFinite else { continue }
                // Each of the products rounds once, and a square's error doubles.
                let accuracy = Double(exponent) * .ulpOfOne
                XCTAssertEqual(value / pow(base, Double(exponent)), 1, accuracy: accuracy, "\(base) to \(exponent)")
            }
        }
    }
}
