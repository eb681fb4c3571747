import Autograd
import TestSupport
import XCTest

final class BatchLayoutTests: XCTestCase {
    func testSlicesNeverSpanTwoWorkersAndCoverEveryImageOnce() {
        let layout = BatchLayout(imageCounts: [5, 0, 1, 12], firstWorker: 3, globalImages: 30)
        let slices = layout.slices(bytesPerImage: 200 * 1024)
        XCTAssertEqual(slices, [0..<3, 3..<5, 5..<6, 6..<9, 9..<12, 12..<15, 15..<18])
        XCTAssertEqual(layout.slices(bytesPerImage: 100 << 20).count, 18)
        XCTAssertEqual(layout.imageRanges, [0..<5, 5..<5, 5..<6, 6..<18])
        XCTAssertEqual(layout.images, 18)
        XCTAssertEqual(BatchLayout(imageCounts: []).images, 0)
        XCTAssertEqual(BatchLayout(images: 4).globalImages, 4)
    }

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
        var seen: [Range<Int>] = []
        var values: [Float] = []
        let output = try tape.convolution(x, randomTensor([16, 8, 1, 1], 1)) { images, first in
            seen.append(images)
            values += UnsafeBufferPointer(start: first, count: images.count * 28 * 28 * 16)
        }
        XCTAssertEqual(seen.flatMap(Array.init), Array(0..<24))
        XCTAssertGreaterThan(seen.count, 2)
        assertSameBits(values, output.array, "values")
    }

    private func rows(_ rows: Range<Int>, of tensor: Tensor) -> [Float] {
        Array(
            UnsafeBufferPointer(start: tensor.row(rows.lowerBound), count: rows.count * tensor.count / tensor.shape[0]))
    }
}
