import TestSupport
import Workers
import XCTest

/// Nothing about an exact sum of gradients knows how large they are: times a power of two they give the same bits.
final class GradientScaleTests: XCTestCase {
    func testGradientsTimesAPowerOfTwoGiveTheSameBitsUpToThatPower() throws {
        // Fewer, more, and so many times more that units overflow and are followed by ones that are far too coarse.
        var steps = GradientSteps(workers: 7, deviations: [1e-3, 3e-4, 1e-2, 1e3, 1e-2, 1e-2])
        steps.shares[2][3][0][11] = 1e5
        let gradients = try steps.outcomes()[0].gradients
        for exponent in -60...60 {
            let factor = Float(sign: .plus, exponent: exponent, significand: 1)
            for ranks in exponent.isMultiple(of: 15) ? [1, 2, 3, 4, 7] : [1] {
                for outcome in try steps.outcomes(ranks: ranks, factor: factor) {
                    for (step, (scaled, plain)) in zip(outcome.gradients, gradients).enumerated() {
                        for (gradient, expected) in zip(scaled, plain) {
                            assertSameBits(
                                gradient, expected.map { factor * $0 }, "2^\(exponent), \(ranks) ranks, step \(step)")
                        }
                    }
                }
            }
        }
    }
}
