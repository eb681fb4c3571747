import Autograd
import Kernels
import TestSupport
import Workers
import XCTest

/// Gradients of gradients against PyTorch: penalty = Σ g², g being the gradient of an output by its first input.
final class GradientPenaltyTests: XCTestCase {
    func testConvolutions() throws {
        let golden = try Golden("operations")
        for name in ["kernel3", "kernel1", "kernel3Stride2"].map({ "convolution.\($0)" }) {
            let stride = try golden.integers("gradientPenalty.\(name).stride")[0]
            let padding = try golden.integers("gradientPenalty.\(name).padding")[0]
            try check(name, of: ["input", "weight"]) { tape, inputs in
                try tape.convolution(inputs[0], inputs[1], stride: stride, padding: padding)
            }
        }
    }

    func testMatrixProductMultiplicationLeakyReLUAndSum() throws {
        try check("matrixProduct", of: ["left", "right"]) { try $0.matrixProduct($1[0], $1[1]) }
        try check("multiply", of: ["left", "right"]) { $0.multiply($1[0], $1[1]) }
        let slope = try slope()
        try check("leakyRelu", of: ["input"]) { $0.activate($1[0], .leakyReLU(slope: slope)) }
        try check("sum", of: ["input"]) { $0.sum($1[0]) }
    }

    /// The same product as a dense layer, with the weights as PyTorch keeps them.
    func testDenseLayer() throws {
        let golden = try Golden("operations")
        let name = "gradientPenalty.matrixProduct"
        let right = try golden.tensor("\(name).right")
        let (inputs, outputs) = (right.shape[0], right.shape[1])
        func transposed(_ values: [Float]) -> [Float] {
            (0..<outputs * inputs).map { values[$0 % inputs * outputs + $0 / inputs] }
        }
        for counts in [[4], [1, 0, 3]] {
            let x = try golden.tensor("\(name).left", needsGradient: true)
            let weights = Tensor(transposed(right.array), shape: [outputs, inputs], needsGradient: true)
            let upstream = try golden.tensor("\(name).upstream", needsGradient: true)
            let tape = Tape(layout: BatchLayout(imageCounts: counts))
            let output = try tape.dense(x, weights)
            let gradient = try tape.gradients(of: output, upstream: upstream, for: [x], recording: true)[0]
            let penalty = tape.sum(tape.multiply(gradient, gradient))
            let derivatives = try tape.gradients(of: penalty, for: [weights, upstream])
            assertClose(
                derivatives[0].array, transposed(try golden.floats("\(name).penaltyByRight")), "weights, \(counts)")
            assertClose(derivatives[1].array, try golden.floats("\(name).penaltyByUpstream"), "upstream, \(counts)")
            let receiver = SharesReceiver(parameters: [weights])
            try tape.backward(from: penalty, into: receiver)
            XCTAssertEqual(receiver.workerShares(of: weights).count, counts.filter { $0 > 0 }.count)
            assertClose(receiver.sum(of: weights), derivatives[0].array, "received, \(counts)")
        }
    }

    func testCriticOfTwoConvolutions() throws {
        let slope = try slope()
        func critic(_ tape: Tape, _ inputs: [Tensor]) throws -> Tensor {
            let hidden = tape.activate(
                try tape.convolution(inputs[0], inputs[1], padding: 1), .leakyReLU(slope: slope))
            return tape.activate(
                try tape.convolution(hidden, inputs[2], stride: 2, padding: 1), .leakyReLU(slope: slope))
        }
        try check("critic", of: ["input", "weight1", "weight2"], critic)
        try check("squaredCritic", of: ["input", "weight1", "weight2"]) { tape, inputs in
            let output = try critic(tape, inputs)
            return tape.sum(tape.multiply(output, output))
        }
    }

    /// What trains a critic: the penalty's gradient arrives at the receiver of parameters, as shares of the workers.
    func testPenaltyReachesTheReceiverOfParameters() throws {
        let golden = try Golden("operations")
        let name = "gradientPenalty.convolution.kernel3"
        let x = try golden.tensor("\(name).input", needsGradient: true)
        let weights = try golden.tensor("\(name).weight", needsGradient: true)
        let tape = Tape(layout: BatchLayout(imageCounts: [1, 0, 1]))
        let output = try tape.convolution(x, weights, padding: 1)
        let gradient = try tape.gradients(
            of: output, upstream: try golden.tensor("\(name).upstream"), for: [x], recording: true)[0]
        let receiver = SharesReceiver(parameters: [weights])
        try tape.backward(from: tape.sum(tape.multiply(gradient, gradient)), into: receiver)
        XCTAssertEqual(receiver.workerShares(of: weights).count, 2)
        assertClose(receiver.sum(of: weights), try golden.floats("\(name).penaltyByWeight"), "weights")
    }

    private func slope() throws -> Float { Float(try Golden("operations").doubles("slope")[0]) }

    private func check(
        _ name: String, of inputs: [String], _ operation: (Tape, [Tensor]) throws -> Tensor
    ) throws {
        let golden = try Golden("operations")
        let name = "gradientPenalty.\(name)"
        let images = try golden.tensor("\(name).\(inputs[0])").shape[0]
        for counts in [[images], [0, images - 1, 1]] {
            let tensors = try inputs.map { try golden.tensor("\(name).\($0)", needsGradient: true) }
            let upstream = try golden.tensor("\(name).upstream", needsGradient: true)
            let tape = Tape(layout: BatchLayout(imageCounts: counts))
            let output = try operation(tape, tensors)
            let gradient = try tape.gradients(of: output, upstream: upstream, for: [tensors[0]], recording: true)[0]
            assertClose(gradient.array, try golden.floats("\(name).\(inputs[0])Gradient"), "\(name): g, \(counts)")
            let penalty = tape.sum(tape.multiply(gradient, gradient))
            assertClose(penalty.array, try golden.floats("\(name).penalty"), "\(name): penalty, \(counts)")
            let derivatives = try tape.gradients(of: penalty, for: tensors + [upstream])
            for (input, derivative) in zip(inputs + ["upstream"], derivatives) {
                let key = "\(name).penaltyBy\(input.prefix(1).uppercased())\(input.dropFirst())"
                guard golden.contains(key) else {
                    XCTAssertTrue(derivative.array.allSatisfy { $0 == 0 }, "\(key) is zero")
                    continue
                }
                assertClose(derivative.array, try golden.floats(key), "\(key), \(counts)")
            }
        }
    }
}
