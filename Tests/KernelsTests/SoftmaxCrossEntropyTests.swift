import Foundation
import Kernels
import TestSupport
import XCTest

final class SoftmaxCrossEntropyTests: XCTestCase {
    func testEqualLogitsGiveTheLogarithmOfTheClasses() {
        for classes in [1, 2, 10, 1000] {
            let (loss, gradient) = evaluate([Float](repeating: -7, count: classes), label: classes / 2, factor: 2)
            XCTAssertEqual(loss, log(Double(classes)), accuracy: 1e-14)
            let expected = (0..<classes).map { Float(2 / Double(classes)) - ($0 == classes / 2 ? 2 : 0) }
            assertClose(gradient, expected, tolerance: 1e-7, scale: 2, "\(classes) classes")
        }
    }

    /// ln(1 + e⁻ˣ) and its derivative, where Float would be left with nothing.
    func testConfidentLossesKeepTheirDigits() {
        for lead in [1, 10, 20, 30] as [Float] {
            let (loss, gradient) = evaluate([100 + lead, 100], label: 0)
            XCTAssertEqual(loss / log1p(exp(-Double(lead))), 1, accuracy: 2.3e-16 * exp(Double(lead)))
            let other = 1 / (1 + exp(Double(lead)))
            assertClose(gradient, [Float(-other), Float(other)], tolerance: 1e-7, "a lead of \(lead)")
        }
    }

    func testHugeLogitsStayFiniteAndNotANumberIsShown() {
        let (loss, gradient) = evaluate([3e38, -3e38, 0], label: 2)
        XCTAssertEqual(loss, 3e38, accuracy: 1e31)
        XCTAssertEqual(gradient, [1, 0, -1])
        for bad in [[Float.nan, 1, 2], [1, .nan, 2], [.infinity, 1, 2], [1, 2, .nan]] {
            let (loss, gradient) = evaluate(bad, label: 1)
            XCTAssertTrue(loss.isNaN, "\(bad)")
            XCTAssertTrue(gradient.contains { $0.isNaN }, "\(bad)")
        }
    }

    private func evaluate(_ logits: [Float], label: Int, factor: Double = 1) -> (loss: Double, gradient: [Float]) {
        var gradient = [Float](repeating: 5, count: logits.count)
        let loss = softmaxCrossEntropy(
            of: logits, classes: logits.count, label: label, factor: factor, gradient: &gradient)
        return (loss, gradient)
    }
}
