import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

/// What holds for every input.
final class IdentityTests: XCTestCase {
    private let shape = [4, 3, 5, 12]

    func testOneGroupIsLayerNormalisationAndAGroupAChannelIsInstanceNormalisation() throws {
        let x = randomTensor(shape, 1, mean: 2, needsGradient: true)
        for (groups, name) in [(1, "ln"), (12, "in")] {
            let general = GroupNormalization(name: "group", channels: 12, groups: groups)
            let results = try [general, Norm.layer(name, channels: 12)].map { try run($0, x) }
            assertSameBits(results[0].output, results[1].output, "\(groups) groups, output")
            assertSameBits(results[0].inputGradient, results[1].inputGradient, "\(groups) groups, gradient")
        }
    }

    /// One image: its channels are the statistics groups of both.
    func testInstanceNormalisationOfOneImageIsBatchNormalisationOfIt() throws {
        let x = randomTensor([1, 6, 7, 9], 2, mean: 2, needsGradient: true)
        let instance = try run(Norm.layer("in", channels: 9), x)
        let batch = try run(BatchNormalization(name: "batch", channels: 9), x)
        assertClose(instance.output, batch.output, tolerance: 1e-6, "output")
        assertClose(instance.inputGradient, batch.inputGradient, tolerance: 1e-6, "gradient")
    }

    func testInputGradientsOfAStatisticsGroupSumToZero() throws {
        for (name, layer, group) in try layers() {
            let x = randomTensor(shape, 3, mean: 5, needsGradient: true)
            let gradient = try run(layer, x).inputGradient
            for sum in sums(gradient, by: group) {
                XCTAssertLessThan(abs(sum.sum), 1e-6 * sum.magnitudes, name)
                XCTAssertGreaterThan(sum.magnitudes, 1, name)
            }
        }
    }

    /// With ε = 0; the powers of two keep the input exact.
    func testShiftAndScaleOfTheInputLeaveTheOutputAlone() throws {
        let x = randomFloats(shape.reduce(1, *), 4).map { ($0 * 1024).rounded() / 1024 }
        for (name, layer, _) in try layers(epsilon: 0) {
            let plain = try run(layer, Tensor(x, shape: shape)).output
            let moved = try run(layer, Tensor(x.map { $0 * 8 + 64 }, shape: shape)).output
            assertClose(moved, plain, tolerance: 1e-6, name)
            let flipped = try run(layer, Tensor(x.map { -$0 }, shape: shape)).output
            assertClose(flipped, plain.map { -$0 }, tolerance: 1e-6, name)
        }
    }

    func testNormalisedValuesHaveMeanZeroAndVarianceOne() throws {
        for (name, layer, group) in try layers(epsilon: 0) {
            let output = try run(layer, randomTensor(shape, 5, mean: 7, deviation: 3)).output
            for sum in sums(output, by: group) {
                XCTAssertEqual(sum.sum / Double(sum.count), 0, accuracy: 1e-6, name)
                XCTAssertEqual(sum.squares / Double(sum.count), 1, accuracy: 1e-5, name)
            }
        }
    }

    /// In Float, Σx²/N − (Σx/N)² of a constant 100.1 is negative.
    func testAConstantChannelGivesBetaAndFiniteGradients() throws {
        for constant in [100.1, -3e4, 0] as [Float] {
            for (name, layer, _) in try layers() {
                let x = Tensor([Float](repeating: constant, count: 720), shape: shape, needsGradient: true)
                layer.affine.beta?.values.update(repeating: 0.5)
                let result = try run(layer, x)
                assertClose(
                    result.output, [Float](repeating: 0.5, count: 720), tolerance: 1e-4, "\(name) of \(constant)")
                XCTAssertTrue(result.inputGradient.allSatisfy(\.isFinite), "\(name) of \(constant)")
                if let batch = layer as? BatchNormalization {
                    XCTAssertTrue(
                        (batch.running.mean.array + batch.running.variance.array).allSatisfy(\.isFinite), name)
                }
            }
        }
    }

    func testASingleValueAChannelHasNoVarianceAndLeavesRunningStatisticsAlone() throws {
        for statistics in [StatisticsGroup.world, .worker, .ghost(1), .workers(1)] {
            let norm = BatchNormalization(
                name: "norm", channels: 3, options: BatchNormalization.Options(statistics: statistics))
            let x = Tensor([4, -2, 8], shape: [1, 1, 1, 3], needsGradient: true)
            let result = try run(norm, x)
            XCTAssertEqual(result.output, [0, 0, 0])
            XCTAssertTrue(result.inputGradient.allSatisfy(\.isFinite))
            XCTAssertEqual(norm.running.mean.array, [0, 0, 0], "\(statistics)")
            XCTAssertEqual(norm.running.variance.array, [1, 1, 1], "\(statistics)")
            XCTAssertEqual(norm.running.batchCounts.values, [0], "\(statistics)")
        }
    }

    func testRunningVarianceIsUnbiasedUnlessAskedOtherwise() throws {
        for (biased, variance) in [(false, 5.0 / 3), (true, 1.25)] {
            let norm = BatchNormalization(
                name: "norm", channels: 1,
                options: BatchNormalization.Options(momentum: .exponential(1), biased: biased))
            _ = try run(norm, Tensor([1, 2, 3, 4], shape: [2, 1, 2, 1]))
            assertClose(norm.running.variance.array, [Float(variance)], tolerance: 1e-7, "biased: \(biased)")
            XCTAssertEqual(norm.running.mean.array, [2.5])
        }
    }

    /// Ten and a thousand deviations away from zero, and a single image.
    func testTheErrorOfAnOutputDoesNotGrowWithTheMean() throws {
        let centered = randomFloats(shape.reduce(1, *), 6).map { ($0 * 1024).rounded() / 1024 }
        for mean in [16, 1024, 8192] as [Float] {
            for (name, layer, _) in try layers() {
                let near = try run(layer, Tensor(centered, shape: shape)).output
                let far = try run(layer, Tensor(centered.map { $0 + mean }, shape: shape)).output
                assertClose(far, near, tolerance: 1e-6, "\(name) at \(mean)")
            }
        }
    }

    func testBatchStatisticsNormaliseEachBatchOnItsOwnAndLeaveRunningStatisticsAlone() throws {
        let x = randomTensor(shape, 7, mean: 3)
        let norm = BatchNormalization(
            name: "norm", channels: 12, options: BatchNormalization.Options(statistics: .worker),
            hosting: Hosting(workers: 2))
        norm.running.mean.values.update(repeating: 2)
        let before = norm.running.mean.array + norm.running.variance.array
        let output = try norm(
            x, ForwardContext(Tape(layout: BatchLayout(imageCounts: [1, 3])), mode: .batchStatistics))
        XCTAssertEqual(norm.running.mean.array + norm.running.variance.array, before)
        for images in [0..<1, 1..<4] {
            let alone = BatchNormalization(name: "alone", channels: 12)
            let alonePart = Tensor(part(images, of: x), shape: [images.count, 3, 5, 12])
            assertClose(part(images, of: output), try run(alone, alonePart).output, tolerance: 1e-6, "images \(images)")
        }
    }

    func testBatchStatisticsDoNotDependOnTheWorkersHostedHere() throws {
        // So far from zero that sums around another pivot round to other bits.
        let x = randomTensor(shape, 7, mean: 30_000)
        let outputs = try [0, 1].map { rank in
            let norm = BatchNormalization(
                name: "norm", channels: 12, options: BatchNormalization.Options(statistics: .worker),
                hosting: Hosting(workers: 2, ranks: 2, rank: rank))
            norm.running.mean.values.update(repeating: Float(rank) * 29_999.7)
            return try norm(
                x, ForwardContext(Tape(layout: BatchLayout(imageCounts: [1, 3])), mode: .batchStatistics)
            ).array
        }
        assertSameBits(outputs[0], outputs[1], "workers 0 and 1")
    }

    func testNormalisationsCannotBeDifferentiatedTwice() throws {
        let x = randomTensor(shape, 8, needsGradient: true)
        for (_, layer, _) in try layers() {
            for mode in [ForwardMode.training, .evaluation] {
                let tape = Tape(layout: BatchLayout(images: 4))
                let output = try layer(x, ForwardContext(tape, mode: mode))
                XCTAssertThrowsError(try tape.gradients(of: output, for: [x], recording: true)) {
                    XCTAssertTrue("\($0)".contains("normalisation can't be differentiated again"), "\($0)")
                }
            }
        }
    }

    /// Each with the statistics group of a value, given its image and channel.
    private func layers(
        epsilon: Double = 1e-5
    ) throws -> [(name: String, layer: any NormalizationLayer, group: (_ image: Int, _ channel: Int) -> Int)] {
        [
            (
                "batch", BatchNormalization(name: "b", channels: 12, options: .init(epsilon: epsilon)),
                { _, channel in channel }
            ),
            (
                "ghost",
                BatchNormalization(name: "g", channels: 12, options: .init(statistics: .ghost(2), epsilon: epsilon)),
                { image, channel in image / 2 * 12 + channel }
            ),
            (
                "layer", GroupNormalization(name: "l", channels: 12, groups: 1, epsilon: epsilon),
                { image, _ in image }
            ),
            (
                "instance", GroupNormalization(name: "i", channels: 12, groups: 12, epsilon: epsilon),
                { image, channel in image * 12 + channel }
            ),
            (
                "group", GroupNormalization(name: "g", channels: 12, groups: 4, epsilon: epsilon),
                { image, channel in image * 4 + channel / 3 }
            ),
        ]
    }

    private func run(
        _ layer: any NormalizationLayer, _ x: Tensor
    ) throws -> (output: [Float], inputGradient: [Float]) {
        let tape = Tape(layout: BatchLayout(images: x.shape[0]))
        let output = try layer(x, ForwardContext(tape))
        let gradient = try tape.gradients(of: output, upstream: randomTensor(x.shape, 99), for: [x])[0]
        return (output.array, gradient.array)
    }

    private struct GroupSum {
        var sum = 0.0
        var magnitudes = 0.0
        var squares = 0.0
        var count = 0
    }

    private func sums(_ values: [Float], by group: (Int, Int) -> Int) -> [GroupSum] {
        var sums: [Int: GroupSum] = [:]
        for (index, value) in values.enumerated() {
            let key = group(index / (shape[1] * shape[2] * shape[3]), index % shape[3])
            sums[key, default: GroupSum()].sum += Double(value)
            sums[key]!.magnitudes += abs(Double(value))
            sums[key]!.squares += Double(value) * Double(value)
            sums[key]!.count += 1
        }
        return Array(sums.values)
    }

    private func part(_ images: Range<Int>, of x: Tensor) -> [Float] {
        Array(UnsafeBufferPointer(start: x.row(images.lowerBound), count: images.count * x.count / x.shape[0]))
    }
}
