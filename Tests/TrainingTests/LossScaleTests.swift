import Autograd
import MPI
import Tasks
import TestSupport
import Workers
import XCTest

@testable import Training

/// The scale of a loss is nobody's business: times a power of two it gives the same bits of all gradients up to that
/// power, through every layer and every kind of message, on any number of ranks.
final class LossScaleTests: TrainingTestCase {
    func testPerWorkerBatchNorm() throws { try assertScales(NormChoice(name: "bn"), 0) }

    func testSynchronizedBatchNorm() throws { try assertScales(NormChoice(name: "syncbn"), 1) }

    func testGroupNorm() throws { try assertScales(.group, 2) }

    func testLayerNorm() throws { try assertScales(.layer, 3) }

    func testInstanceNorm() throws { try assertScales(.instance, 4) }

    func testWithoutNormalization() throws { try assertScales(.none, 5) }

    /// Images of each of five workers, step by step.
    private let counts = [[3, 1, 2, 0, 2], [1, 2, 0, 3, 2], [2, 2, 2, 2, 2], [0, 0, 5, 1, 1], [1, 1, 1, 1, 1]]
    /// The third step's gradients are too large for the units that the second left, and leave some that are far too
    /// coarse for the fourth.
    private let lossFactors: [Float] = [1, 1, 0x1p20, 1, 1]

    /// - Parameter offset: which of every six exponents are tried, so that all norms together try all.
    private func assertScales(_ normalization: NormChoice, _ offset: Int) throws {
        let plain = try gradients(normalization, factor: 1, on: alone)
        XCTAssertTrue(plain.allSatisfy { $0.contains { $0.contains { $0 != 0 } } })
        for exponent in Set([-60, 60] + stride(from: -60 + offset, through: 60, by: 6)).sorted() {
            let factor = Float(sign: .plus, exponent: exponent, significand: 1)
            let scaled = try gradients(normalization, factor: factor, on: world)
            for (step, (values, expected)) in zip(scaled, plain).enumerated() {
                for (index, gradient) in values.enumerated() {
                    assertSameBits(
                        gradient, expected[index].map { factor * $0 },
                        "\(normalization), 2^\(exponent): parameter \(index) of step \(step)")
                }
            }
        }
    }

    /// The gradients of each step and parameter; the steps themselves are taken as if there were no factor.
    private func gradients(
        _ normalization: NormChoice, factor: Float, on communicator: Communicator
    ) throws -> [[[Float]]] {
        let hosting = Hosting(workers: 5, ranks: communicator.size, rank: communicator.rank)
        let transport = RankTransport(communicator)
        let sums = ExactSums(transport)
        let network = try convolutionalNetwork(normalization, seed: 5, hosting: hosting, sums: sums)
        let exchange = GradientExchange(network.parameters, sums: sums)
        return try counts.enumerated().map { step, counts in
            let batch = batch(step, counts, hosting.hosted)
            let tape = Tape(layout: batch.layout)
            let scores = try network(batch.images, ForwardContext(tape))
            let loss = try tape.crossEntropy(scores, labels: batch.labels).loss
            exchange.begin()
            try tape.backward(
                from: loss, upstream: Tensor([factor * lossFactors[step]], shape: []), into: exchange)
            let messages = transport.messages
            XCTAssertNil(try exchange.exchange().lostParameter)
            if communicator.size > 1 {
                // Without a unit or beyond it, gradients need messages of their own.
                XCTAssertEqual(transport.messages - messages > 1, step == 0 || step == 2, "step \(step)")
            }
            return network.parameters.enumerated().map { index, parameter in
                let gradient = UnsafeBufferPointer(start: exchange.gradient(index), count: parameter.tensor.count)
                let rate = 0.05 / (factor * lossFactors[step])
                for (place, value) in gradient.enumerated() { parameter.tensor.pointer[place] -= rate * value }
                return Array(gradient)
            }
        }
    }

    private func batch(_ step: Int, _ counts: [Int], _ hosted: Range<Int>) -> LabelledBatch {
        let indices = hosted.map { worker in
            let first = 12 * step + counts[..<worker].reduce(0, +)
            return Array(first..<first + counts[worker])
        }
        return LabelledBatch(
            of: Digits.all, indices: indices, firstWorker: hosted.lowerBound, globalImages: counts.reduce(0, +))
    }
}
