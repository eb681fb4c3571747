import Workers
import XCTest

final class BatchLayoutTests: XCTestCase {
    func testSlicesNeverSpanTwoWorkersAndCoverEveryImageOnce() {
        let layout = BatchLayout(imageCounts: [5, 0, 1, 12], firstWorker: 3, globalImages: 30)
        let slices = layout.slices(bytesPerImage: 200 * 1024)
        XCTAssertEqual(slices, [0..<5, 5..<6, 6..<12, 12..<18])
        XCTAssertEqual(layout.slices(bytesPerImage: 800 * 1024).map(\.count), [1, 2, 2, 1, 2, 2, 2, 2, 2, 2])
        XCTAssertEqual(layout.slices(bytesPerImage: 1).map(\.count), [5, 1, 6, 6])
        XCTAssertEqual(layout.slices(bytesPerImage: 100 << 20).count, 18)
        XCTAssertEqual(BatchLayout.weightGradientParts(of: 6..<39, bytesPerImage: 1), [6..<17, 17..<28, 28..<39])
        XCTAssertEqual(layout.imageRanges, [0..<5, 5..<5, 5..<6, 6..<18])
        XCTAssertEqual(layout.images, 18)
        XCTAssertEqual(BatchLayout(imageCounts: []).images, 0)
        XCTAssertEqual(BatchLayout(images: 4).globalImages, 4)
    }
}
