import Kernels
import XCTest

/// Moments of the logarithm of a gamma variable are the polygamma functions of its shape, which have closed forms at ½
/// and 1, and asymptotic ones at large shapes.
final class GammaVariatesTests: XCTestCase {
    private static let eulersConstant = 0.577_215_664_901_532_9
    private let count = 100_000

    private func logarithms(shape: Double) -> [Double] {
        var generator = SeededGenerator(seed: 1, for: "test")
        return (0..<count).map { _ in generator.nextLogarithmOfGamma(shape: shape) }
    }

    /// Expects a mean and a variance within five standard errors; the fourth central moment of each is below 10 variances
    /// squared.
    private func assertMoments(_ values: [Double], mean: Double, variance: Double, _ message: String) {
        let count = Double(values.count)
        let found = values.reduce(0, +) / count
        XCTAssertEqual(found, mean, accuracy: 5 * (variance / count).squareRoot(), "mean, \(message)")
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        XCTAssertEqual(spread, variance, accuracy: 5 * 3 * variance / count.squareRoot(), "variance, \(message)")
    }

    func testLogarithmsHaveThePolygammaMoments() {
        let digammaOfHalf = -Self.eulersConstant - 2 * log(2)
        let shapes: [(shape: Double, mean: Double, variance: Double)] = [
            (1, -Self.eulersConstant, .pi * .pi / 6),
            (0.5, digammaOfHalf, .pi * .pi / 2),
            // ψ(a+1) = ψ(a) + 1/a, ψ′(a+1) = ψ′(a) − 1/a².
            (2.5, digammaOfHalf + 2 + 2.0 / 3, .pi * .pi / 2 - 4 - 4.0 / 9),
            // ψ(a) = ln a − 1/2a − 1/12a², ψ′(a) = 1/a + 1/2a² + 1/6a³ for large a.
            (1e4, log(1e4) - 0.5e-4 - 1e-8 / 12, 1e-4 + 0.5e-8),
            (1e6, log(1e6) - 0.5e-6, 1e-6 + 0.5e-12),
        ]
        for (shape, mean, variance) in shapes {
            assertMoments(logarithms(shape: shape), mean: mean, variance: variance, "shape \(shape)")
        }
    }

    func testValuesHaveMeanAndVarianceEqualToTheirShape() {
        for shape in [0.1, 0.7, 1, 3.3, 40] {
            let values = logarithms(shape: shape).map { exp($0) }
            // The kurtosis is 3 + 6/a.
            let (count, mean) = (Double(count), values.reduce(0, +) / Double(count))
            XCTAssertEqual(mean, shape, accuracy: 5 * (shape / count).squareRoot(), "shape \(shape)")
            let variance = values.reduce(0) { $0 + ($1 - shape) * ($1 - shape) } / count
            let error = shape * ((2 + 6 / shape) / count).squareRoot()
            XCTAssertEqual(variance, shape, accuracy: 5 * error, "shape \(shape)")
        }
    }

    /// −a·ln X tends to an exponential variable with mean 1 as a → 0.
    func testTheSmallestShapesStayFinite() {
        let scaled = logarithms(shape: 1e-6).map { -1e-6 * $0 }
        XCTAssertTrue(scaled.allSatisfy(\.isFinite))
        assertMoments(scaled, mean: 1, variance: 1, "shape 1e-6")
    }

    func testUniformValuesLieStrictlyBetweenZeroAndOne() {
        var generator = SeededGenerator(seed: 1, for: "test")
        let values = (0..<count).map { _ in generator.nextUniform() }
        XCTAssertTrue(values.allSatisfy { $0 > 0 && $0 < 1 })
        assertMoments(values, mean: 0.5, variance: 1.0 / 12, "uniform")
    }
}
