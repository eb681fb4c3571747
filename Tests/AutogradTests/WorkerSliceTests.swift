import Autograd
import TestSupport
import Workers
import XCTest

/// Operations that run slice by slice within a worker.
final class WorkerSliceTests: XCTestCase {
    /// Several slices give the bits of one, or of a worker alone on its rank.
    func testAWorkersConvolutionDoesNotDependOnTheWorkersBesideIt() throws {
        let weights = randomTensor([16, 8, 3, 3], 1, needsGradient: true)
        let x = randomTensor([21, 28, 28, 8], 2, needsGradient: true)
        let together = Tape(layout: BatchLayout(imageCounts: [1, 18, 2]))
        let output = try together.convolution(x, weights, padding: 1)
        let gradient = try together.gradients(of: output, for: [x])[0]
        for images in [0..<1, 1..<19, 19..<21] {
            let part = Tensor(
                Array(UnsafeBufferPointer(start: x.row(images.lowerBound), count: images.count * 28 * 28 * 8)),
                shape: [images.count, 28, 28, 8], needsGradient: true)
            let alone = Tape(layout: BatchLayout(images: images.count))
            let ownOutput = try alone.convolution(part, weights, padding: 1)
            let ownGradient = try alone.gradients(of: ownOutput, for: [part])[0]
            assertSameBits(ownOutput.array, rows(images, of: output), "output of images \(images)")
            assertSameBits(ownGradient.array, rows(images, of: gradient), "gradient of images \(images)")
        }
    }

    func testEverySliceIsShownOnceWhenItIsReady() throws {
        let x = randomTensor([24, 28, 28, 8], 2)
        let tape = Tape(layout: BatchLayout(imageCounts: [1, 0, 23]))
        let observer = Recorder()
        let output = try tape.convolution(x, randomTensor([16, 8, 1, 1], 1), observer: observer)
        XCTAssertEqual(observer.slices.flatMap(Array.init), Array(0..<24))
        XCTAssertGreaterThan(observer.slices.count, 2)
        XCTAssertEqual(observer.order, Array(observer.slices.indices))
        XCTAssertTrue(observer.hasEnded)
        let values = observer.values
        assertSameBits(values, output.array, "values")
    }

    private final class Recorder: SliceObserver {
        var slices: [Range<Int>] = []
        var order: [Int] = []
        var values: [Float] = []
        var hasEnded = false

        func begin(slices: [Range<Int>]) { self.slices = slices }

        func add(slice: Int, _ values: UnsafePointer<Float>) {
            XCTAssertFalse(hasEnded)
            order.append(slice)
            self.values += UnsafeBufferPointer(start: values, count: slices[slice].count * 28 * 28 * 16)
        }

        func end() { hasEnded = true }
    }

    private func rows(_ rows: Range<Int>, of tensor: Tensor) -> [Float] {
        Array(
            UnsafeBufferPointer(start: tensor.row(rows.lowerBound), count: rows.count * tensor.count / tensor.shape[0]))
    }
}
