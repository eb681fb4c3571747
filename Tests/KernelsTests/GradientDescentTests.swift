import Kernels
import XCTest

final class GradientDescentTests: XCTestCase {
    /// v ← momentum·v + (g + decay·w), w ← w − rate·v, in numbers that Float holds exactly.
    func testTwoStepsEqualThoseDoneByHand() {
        for count in [1, 8, 13] {
            var weights = [Float](repeating: 2, count: count)
            var velocity = [Float](repeating: 0, count: count)
            for gradient in [1, -1] as [Float] {
                gradientDescentStep(
                    weights: &weights, velocity: &velocity, gradient: [Float](repeating: gradient, count: count),
                    count: count, rate: 0.5, momentum: 0.25, weightDecay: 0.125)
            }
            // v = 1.25, w = 1.375; v = 0.3125 − 1 + 0.171875 = −0.515625, w = 1.6328125
            XCTAssertEqual(velocity, [Float](repeating: -0.515625, count: count))
            XCTAssertEqual(weights, [Float](repeating: 1.632_812_5, count: count))
        }
    }
}
