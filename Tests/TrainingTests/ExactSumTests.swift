import Autograd
import Kernels
import MPI
import Normalization
import Training
import Workers
import XCTest

/// Values whose mean is three million deviations: the last bit of every sum decides digits of the variance that anyone
/// can see, so that a sum which depends on its order can't hide behind the rounding to Float.
final class ExactSumTests: TrainingTestCase {
    private let counts = [3, 1, 0, 4, 2, 5, 0, 1, 3, 2, 4, 1]
    private let shape = (pixels: 7, channels: 3)

    func testSynchronizedStatisticsAreTheSameBitsOnAnyRanks() throws { try assertSameBits(.world) }

    func testStatisticsOfNodesAreTheSameBitsOnAnyRanks() throws {
        for workers in [2, 3, 4, 6] { try assertSameBits(.workers(workers)) }
    }

    func testStatisticsInsideAWorkerAreTheSameBitsOnAnyRanks() throws {
        try assertSameBits(.worker)
        try assertSameBits(.ghost(2))
    }

    private func assertSameBits(
        _ statistics: StatisticsGroup, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let (shared, single) = (try pass(statistics, on: world), try pass(statistics, on: alone))
        let valuesPerImage = shape.pixels * shape.channels
        let here = shared.firstImage * valuesPerImage..<shared.firstImage * valuesPerImage + shared.output.count
        XCTAssertEqual(shared.output, Array(single.output[here]), "\(statistics)", file: file, line: line)
        XCTAssertEqual(shared.gradient, Array(single.gradient[here]), "\(statistics)", file: file, line: line)
        XCTAssertEqual(shared.variances, single.variances, "\(statistics)", file: file, line: line)
        XCTAssertTrue(single.variances.allSatisfy(\.isFinite), "\(statistics)", file: file, line: line)
    }

    private struct Pass {
        let firstImage: Int
        let output: [Float]
        let gradient: [Float]
        let variances: [Float]
    }

    /// One pass forward and backward over the images of the workers hosted here.
    private func pass(_ statistics: StatisticsGroup, on communicator: Communicator) throws -> Pass {
        let hosting = Hosting(workers: counts.count, ranks: communicator.size, rank: communicator.rank)
        let layer = BatchNormalization(
            name: "normalization", channels: shape.channels,
            options: BatchNormalization.Options(statistics: statistics), hosting: hosting,
            sums: ExactSums(RankTransport(communicator)))
        let first = counts[..<hosting.hosted.lowerBound].reduce(0, +)
        let images = first..<first + counts[hosting.hosted].reduce(0, +)
        let layout = BatchLayout(
            imageCounts: Array(counts[hosting.hosted]), firstWorker: hosting.hosted.lowerBound,
            globalImages: counts.reduce(0, +))
        let tape = Tape(layout: layout)
        let x = values(images, "x", mean: 1e7, needsGradient: true)
        let output = try layer(x, ForwardContext(tape))
        let upstream = values(images, "upstream", mean: 1e5, needsGradient: false)
        let gradient = try tape.gradients(of: output, upstream: upstream, for: [x])[0]
        let state = try NetworkState(layer, workers: counts.count, communicator: communicator)
        let variances = try state.file.floats(named: "normalization.runningVariance")
        return Pass(firstImage: first, output: output.array, gradient: gradient.array, variances: variances)
    }

    /// Normally distributed values of deviation 3, a function of the image.
    private func values(_ images: Range<Int>, _ purpose: String, mean: Double, needsGradient: Bool) -> Tensor {
        let values = images.flatMap { image in
            var generator = SeededGenerator(seed: 1, for: purpose, image)
            return (0..<shape.pixels * shape.channels).map { _ in Float(mean + 3 * generator.nextNormal()) }
        }
        return Tensor(values, shape: [images.count, 1, shape.pixels, shape.channels], needsGradient: needsGradient)
    }
}
