import Autograd
import Normalization
import TestSupport
import Workers
import XCTest

/// A norm writes dx over the gradient of its output, but only where nobody else reads that.
final class OverwrittenGradientTests: XCTestCase {
    private let shape = [4, 5, 5, 16]
    private let norms: [any NormalizationLayer] = [
        BatchNormalization(name: "first", channels: 16),
        GroupNormalization(name: "second", channels: 16, groups: 4, epsilon: 1e-5, affine: true),
    ]

    /// The gradient of x behind one norm, by way of an upstream gradient of the caller's, which stays as it is.
    private func gradient(of norm: any NormalizationLayer, _ x: Tensor, _ upstream: Tensor) throws -> [Float] {
        let tape = Tape(layout: BatchLayout(images: 4))
        let before = upstream.array
        let y = try norm(x, activation: .relu, ForwardContext(tape))
        let gradient = try tape.gradients(of: y, upstream: upstream, for: [x])[0].array
        assertSameBits(upstream.array, before, "the caller's gradient")
        return gradient
    }

    func testAGradientThatTwoNormsShareStaysForTheSecond() throws {
        let inputs = [randomTensor(shape, 1, needsGradient: true), randomTensor(shape, 2, needsGradient: true)]
        let upstream = randomTensor([4, 2, 2, 16], 3)
        let tape = Tape(layout: BatchLayout(images: 4))
        let outputs = try zip(norms, inputs).map { try $0($1, activation: .relu, ForwardContext(tape)) }
        let sum = tape.add(outputs[0], outputs[1])
        let pooled = try tape.maximumPooling(sum)
        let gradients = try tape.gradients(of: pooled, upstream: upstream, for: inputs + [sum])
        for index in norms.indices {
            assertSameBits(
                gradients[index].array, try gradient(of: norms[index], inputs[index], gradients[2]), norms[index].name)
        }
    }

    func testAGradientThatIsAskedForIsNotOverwritten() throws {
        for norm in norms {
            let x = randomTensor(shape, 4, needsGradient: true)
            let upstream = randomTensor([4, 2, 2, 16], 5)
            let tape = Tape(layout: BatchLayout(images: 4))
            let y = try norm(x, activation: .relu, ForwardContext(tape))
            let pooled = try tape.maximumPooling(y)
            let asked = try tape.gradients(of: pooled, upstream: upstream, for: [y, x])
            let notAsked = try tape.gradients(of: pooled, upstream: upstream, for: [x])
            assertSameBits(asked[1].array, notAsked[0].array, "dx, \(norm.name)")
            assertSameBits(asked[1].array, try gradient(of: norm, x, asked[0]), "dx by way of dy, \(norm.name)")
        }
    }
}
