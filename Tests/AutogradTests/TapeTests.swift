import Autograd
import Kernels
import TestSupport
import Workers
import XCTest

final class TapeTests: XCTestCase {
    func testATensorUsedTwiceTakesBothGradients() throws {
        let x = Tensor([3, -2], shape: [2], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 2))
        let y = tape.sum(tape.add(tape.multiply(x, x), tape.scale(x, by: 5)))
        XCTAssertEqual(y.array, [9 + 4 + 15 - 10])
        XCTAssertEqual(try tape.gradients(of: y, for: [x])[0].array, [11, 1])
    }

    func testGradientsOfIntermediateResultsAndOfTheOutputItself() throws {
        let x = Tensor([3, -2], shape: [2], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 2))
        let square = tape.multiply(x, x)
        let y = tape.sum(tape.scale(square, by: 4))
        let gradients = try tape.gradients(of: y, for: [square, y, x])
        XCTAssertEqual(gradients.map(\.array), [[4, 4], [1], [24, -16]])
    }

    func testNoGradientIsZeros() throws {
        let x = Tensor([1, 2], shape: [2], needsGradient: true)
        let other = Tensor([1, 2, 3], shape: [3], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 2))
        XCTAssertEqual(try tape.gradients(of: tape.sum(x), for: [other])[0].array, [0, 0, 0])
    }

    /// d³(x⁴)/dx³ = 24x
    func testThirdDerivativeOfTheFourthPower() throws {
        let x = Tensor([2], shape: [1], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 1))
        var y = tape.multiply(tape.multiply(x, x), tape.multiply(x, x))
        var derivatives: [Float] = []
        for _ in 0..<3 {
            y = try tape.gradients(of: y, for: [x], recording: true)[0]
            derivatives.append(y.array[0])
        }
        XCTAssertEqual(derivatives, [32, 48, 48])
    }

    func testParametersArriveAsTheSharesOfWorkersWithImages() throws {
        let x = randomTensor([5, 3], 1)
        let weights = randomTensor([2, 3], 2, needsGradient: true)
        let bias = randomTensor([2], 3, needsGradient: true)
        let upstream = randomTensor([5, 2], 4)
        let tape = Tape(layout: BatchLayout(imageCounts: [2, 0, 3]))
        let receiver = SharesReceiver(parameters: [weights, bias])
        let output = tape.addBias(try tape.dense(x, weights), bias)
        try tape.backward(from: output, upstream: upstream, into: receiver)
        XCTAssertEqual(receiver.workerShares(of: weights).count, 2)
        for (share, rows) in zip(receiver.workerShares(of: bias), [0..<2, 2..<5]) {
            let sums = (0..<2).map { column in rows.reduce(Float(0)) { $0 + upstream.row($1)[column] } }
            assertClose(share, sums, tolerance: 1e-6, "bias of images \(rows)")
        }
    }

    func testABackwardPassFreesWhatTheTapeKept() throws {
        let x = randomTensor([4, 6, 6, 2], 1)
        let weights = randomTensor([3, 2, 3, 3], 2, needsGradient: true)
        weak var kept: Tensor?
        weak var emptied: Tape?
        do {
            let tape = Tape(layout: BatchLayout(images: 4))
            emptied = tape
            var output: Tensor? = tape.activate(try tape.convolution(x, weights, padding: 1), .relu)
            kept = output
            let loss = tape.sum(output!)
            output = nil
            XCTAssertNotNil(kept)
            try tape.backward(from: loss, into: SharesReceiver(parameters: [weights]))
            XCTAssertNil(kept)
        }
        XCTAssertNil(emptied)
    }

    /// Closures that held their tape would keep every step in memory.
    func testATapeThatWasNeverRunBackwardsIsFreedToo() throws {
        weak var tape: Tape?
        do {
            let recorded = Tape(layout: BatchLayout(images: 2))
            tape = recorded
            let x = randomTensor([2, 6, 6, 2], 1, needsGradient: true)
            let weights = randomTensor([3, 2, 3, 3], 2, needsGradient: true)
            let convolved = recorded.activate(try recorded.convolution(x, weights), .leakyReLU(slope: 0.2))
            let pooled = recorded.spatialMean(try recorded.maximumPooling(convolved))
            let scores = recorded.addBias(
                try recorded.dense(pooled, randomTensor([4, 3], 3, needsGradient: true)),
                randomTensor([4], 4, needsGradient: true))
            let product = try recorded.matrixProduct(scores, scores, transposingLeft: true)
            let sum = recorded.sum(recorded.multiply(recorded.add(product, product), recorded.scale(product, by: 2)))
            _ = try recorded.crossEntropy(scores, labels: [0, 1])
            let gradient = try recorded.gradients(of: recorded.sum(convolved), for: [x], recording: true)[0]
            XCTAssertTrue(gradient.array.contains { $0 != 0 } && sum.array[0] != 0)
        }
        XCTAssertNil(tape)
    }

    func testATapeThatDoesNotRecordRemembersNothing() throws {
        let x = Tensor([1, 2], shape: [2], needsGradient: true)
        let tape = Tape(layout: BatchLayout(images: 2), isRecording: false)
        XCTAssertEqual(try tape.gradients(of: tape.sum(x), for: [x])[0].array, [0, 0])
    }

    func testWhatCannotBeDifferentiatedTwiceSaysSo() throws {
        let images = { randomTensor([2, 4, 4, 3], 1, needsGradient: true) }
        let rows = { randomTensor([2, 5], 2, needsGradient: true) }
        let bias = randomTensor([5], 3)
        try checkRefusal("max pooling", images()) { try $0.maximumPooling($1) }
        try checkRefusal("global average pooling", images()) { $0.spatialMean($1) }
        try checkRefusal("bias", rows()) { $0.addBias($1, bias) }
        try checkRefusal("cross-entropy", rows()) { try $0.crossEntropy($1, labels: [4, 0]).loss }
    }

    private func checkRefusal(
        _ operation: String, _ x: Tensor, _ run: (Tape, Tensor) throws -> Tensor
    ) throws {
        let tape = Tape(layout: BatchLayout(images: 2))
        let output = try run(tape, x)
        XCTAssertNoThrow(try tape.gradients(of: output, for: [x]))
        XCTAssertThrowsError(try tape.gradients(of: output, for: [x], recording: true)) { error in
            XCTAssertEqual(error as? AutogradError, .notTwiceDifferentiable(operation: operation))
            XCTAssertTrue("\(error)".contains("backward pass of \(operation) can't be differentiated again"))
        }
    }
}
