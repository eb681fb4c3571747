import Autograd
import Kernels
import TestSupport
import Workers
import XCTest

/// Every operation, forward and backward, against PyTorch.
final class OperationGoldenTests: XCTestCase {
    func testConvolutions() throws {
        let golden = try Golden("operations")
        let cases = [
            "kernel3", "kernel1", "kernel3Stride2", "kernel1Stride2", "channels7", "channel1", "channels32", "pixel",
            "batch1", "bias",
        ]
        for name in cases.map({ "convolution.\($0)" }) {
            let stride = try golden.integers("\(name).stride")[0]
            let padding = try golden.integers("\(name).padding")[0]
            if golden.contains("\(name).bias") {
                try check(name, of: ["input", "weight", "bias"]) { tape, inputs in
                    tape.addBias(
                        try tape.convolution(inputs[0], inputs[1], stride: stride, padding: padding), inputs[2])
                }
            } else {
                try check(name, of: ["input", "weight"]) { tape, inputs in
                    try tape.convolution(inputs[0], inputs[1], stride: stride, padding: padding)
                }
            }
        }
    }

    func testDenseLayers() throws {
        for name in ["dense.small", "dense.classes10", "dense.batch1"] {
            try check(name, of: ["input", "weight", "bias"]) { tape, inputs in
                tape.addBias(try tape.dense(inputs[0], inputs[1]), inputs[2])
            }
        }
    }

    func testMatrixProductHoweverItsFactorsAreStored() throws {
        for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
            let golden = try Golden("operations")
            let name = "matrixProduct.rectangular"
            let factors = try [("left", left), ("right", right)].map { factor, isTransposed in
                let plain = try golden.tensor("\(name).\(factor)", needsGradient: true)
                return isTransposed ? transposed(plain) : plain
            }
            let tape = Tape(layout: BatchLayout(images: 4))
            let output = try tape.matrixProduct(
                factors[0], factors[1], transposingLeft: left, transposingRight: right)
            assertClose(output.array, try golden.floats("\(name).output"), "output")
            let upstream = try golden.tensor("\(name).outputGradient")
            let gradients = try tape.gradients(of: output, upstream: upstream, for: factors)
            assertClose(
                (left ? transposed(gradients[0]) : gradients[0]).array, try golden.floats("\(name).leftGradient"),
                "left factor, transposed: \(left), \(right)")
            assertClose(
                (right ? transposed(gradients[1]) : gradients[1]).array, try golden.floats("\(name).rightGradient"),
                "right factor, transposed: \(left), \(right)")
        }
    }

    func testPoolings() throws {
        for name in ["maxPool.even", "maxPool.odd"] {
            try check(name, of: ["input"]) { tape, inputs in try tape.maximumPooling(inputs[0]) }
        }
        for name in ["globalAveragePool.odd", "globalAveragePool.pixel"] {
            try check(name, of: ["input"]) { tape, inputs in tape.spatialMean(inputs[0]) }
        }
    }

    func testPointwiseOperationsAndSums() throws {
        let slope = Float(try Golden("operations").doubles("slope")[0])
        try check("relu", of: ["input"]) { tape, inputs in tape.activate(inputs[0], .relu) }
        try check("leakyRelu", of: ["input"]) { tape, inputs in
            tape.activate(inputs[0], .leakyReLU(slope: slope))
        }
        try check("add", of: ["left", "right"]) { tape, inputs in tape.add(inputs[0], inputs[1]) }
        try check("multiply", of: ["left", "right"]) { tape, inputs in tape.multiply(inputs[0], inputs[1]) }
        try check("sum", of: ["input"]) { tape, inputs in tape.sum(inputs[0]) }
    }

    func testCrossEntropyIsASumDividedByTheGlobalBatch() throws {
        let golden = try Golden("operations")
        for name in ["whole", "part", "large"].map({ "softmaxCrossEntropy.\($0)" }) {
            let logits = try golden.tensor("\(name).logits", needsGradient: true)
            let images = logits.shape[0]
            let globalImages = try golden.integers("\(name).globalBatch")[0]
            for counts in [[images], [1, 0, images - 1]] {
                let tape = Tape(layout: BatchLayout(imageCounts: counts, globalImages: globalImages))
                let entropy = try tape.crossEntropy(logits, labels: try golden.integers("\(name).labels"))
                let expected = try golden.floats("\(name).loss")
                assertClose(entropy.loss.array, expected, tolerance: 1e-6, name)
                XCTAssertEqual(entropy.workerLossSums.count, counts.count)
                assertClose(
                    [entropy.workerLossSums.reduce(0, +) / Double(globalImages)], expected.map(Double.init),
                    tolerance: 1e-6, name)
                let gradient = try tape.gradients(of: entropy.loss, for: [logits])[0]
                assertClose(gradient.array, try golden.floats("\(name).logitsGradient"), name)
            }
        }
    }

    /// Checks an operation on all images at once, and on images that belong to several workers.
    private func check(
        _ name: String, of inputs: [String], _ operation: (Tape, [Tensor]) throws -> Tensor
    ) throws {
        let golden = try Golden("operations")
        let images = try golden.tensor("\(name).\(inputs[0])").shape[0]
        for counts in [[images], [0, images - 1, 1]] {
            let tensors = try inputs.map { try golden.tensor("\(name).\($0)", needsGradient: true) }
            let tape = Tape(layout: BatchLayout(imageCounts: counts))
            let output = try operation(tape, tensors)
            XCTAssertEqual(output.shape, try golden.tensor("\(name).output").shape, name)
            assertClose(output.array, try golden.floats("\(name).output"), "\(name).output, \(counts)")
            let upstream = try golden.tensor("\(name).outputGradient")
            let gradients = try tape.gradients(of: output, upstream: upstream, for: tensors)
            for (input, gradient) in zip(inputs, gradients) {
                assertClose(
                    gradient.array, try golden.floats("\(name).\(input)Gradient"), "\(name).\(input)Gradient, \(counts)"
                )
            }
        }
    }

    private func transposed(_ matrix: Tensor) -> Tensor {
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let values = (0..<rows * columns).map { matrix.pointer[$0 % rows * columns + $0 / rows] }
        return Tensor(values, shape: [columns, rows], needsGradient: matrix.needsGradient)
    }
}
