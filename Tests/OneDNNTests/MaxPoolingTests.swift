import OneDNN
import XCTest

final class MaxPoolingTests: XCTestCase {
    private let shapes = [
        PoolingShape(images: 3, height: 28, width: 28, channels: 32),
        PoolingShape(images: 2, height: 7, width: 7, channels: 64),
        PoolingShape(images: 1, height: 7, width: 4, channels: 5),
        PoolingShape(images: 1, height: 2, width: 2, channels: 1),
        PoolingShape(images: 2, height: 9, width: 6, channels: 7, kernel: 3, stride: 2, padding: 1),
        PoolingShape(images: 1, height: 5, width: 5, channels: 8, kernel: 3, stride: 1, padding: 1),
        PoolingShape(images: 3, height: 1, width: 1, channels: 7, kernel: 1, stride: 1),
    ]

    /// For every output the index in the source of the first maximum of its window, in row-major order.
    private func maxima(_ shape: PoolingShape, _ source: Values) -> [Int] {
        var result: [Int] = []
        for n in 0..<shape.images {
            for i in 0..<shape.outputHeight {
                for j in 0..<shape.outputWidth {
                    for c in 0..<shape.channels {
                        var best: Int?
                        for row in i * shape.stride - shape.padding..<i * shape.stride - shape.padding + shape.kernel {
                            for column in j * shape.stride - shape.padding..<j * shape.stride - shape.padding
                                + shape.kernel
                            where (0..<shape.height).contains(row) && (0..<shape.width).contains(column) {
                                let x = ((n * shape.height + row) * shape.width + column) * shape.channels + c
                                if best.map({ source.pointer[x] > source.pointer[$0] }) ?? true { best = x }
                            }
                        }
                        result.append(best ?? -1)
                    }
                }
            }
        }
        return result
    }

    private func assertPooling(_ shape: PoolingShape, of source: Values, _ what: String) throws {
        let forward = try MaxPoolingForward.cached(shape)
        let destination = Values.unwritten(shape.destinationCount)
        let workspace = UnsafeMutableRawPointer.allocate(byteCount: forward.workspaceBytes, alignment: 64)
        defer { workspace.deallocate() }
        try forward.execute(source: source.pointer, destination: destination.pointer, workspace: workspace)
        let places = maxima(shape, source)
        XCTAssertEqual(destination.doubles, places.map { Double(source.pointer[$0]) }, what)
        XCTAssertTrue(destination.fenceStands, what)

        let outputGradient = Values.random(shape.destinationCount, seed: 21)
        var expected = [Double](repeating: 0, count: shape.sourceCount)
        for (place, gradient) in zip(places, outputGradient.doubles) { expected[place] += gradient }
        let gradient = Values.unwritten(shape.sourceCount)
        try MaxPoolingGradient.cached(shape).execute(
            outputGradient: outputGradient.pointer, workspace: workspace, inputGradient: gradient.pointer)
        assertClose(gradient, expected, what)
    }

    func testMaximaAndTheirGradients() throws {
        for shape in shapes {
            try assertPooling(shape, of: .random(shape.sourceCount, seed: 22), "\(shape)")
        }
    }

    func testNegativeImagesAreNotBeatenByPadding() throws {
        for shape in shapes {
            try assertPooling(shape, of: Values(shape.sourceCount) { -1 - Float($0 % 13) }, "\(shape)")
        }
    }

    func testGradientOfEqualMaximaGoesToTheFirst() throws {
        for shape in shapes {
            try assertPooling(shape, of: Values(shape.sourceCount) { _ in 0 }, "constant, \(shape)")
            try assertPooling(shape, of: Values(shape.sourceCount) { Float($0 * 7 % 3) }, "three values, \(shape)")
        }
    }

    func testLeftoverRowsAndColumnsGetNoGradient() throws {
        let shape = PoolingShape(images: 1, height: 7, width: 7, channels: 1)
        XCTAssertEqual([shape.outputHeight, shape.outputWidth], [3, 3])
        XCTAssertEqual(PoolingShape(images: 1, height: 28, width: 28, channels: 1).outputHeight, 14)
        // The largest values lie in the seventh row and column, which no window reaches.
        let source = Values(49) { $0 / 7 == 6 || $0 % 7 == 6 ? 100 : Float($0) }
        try assertPooling(shape, of: source, "\(shape)")
    }

    func testEqualShapesShareOneObject() throws {
        let shape = PoolingShape(images: 2, height: 4, width: 4, channels: 3)
        let equal = PoolingShape(images: 2, height: 4, width: 4, channels: 3)
        XCTAssertTrue(try MaxPoolingForward.cached(shape) === MaxPoolingForward.cached(equal))
        XCTAssertTrue(try MaxPoolingGradient.cached(shape) === MaxPoolingGradient.cached(equal))
    }

    func testWindowLargerThanTheImageIsRefusedNamingItsExtents() {
        let shape = PoolingShape(images: 1, height: 1, width: 1, channels: 4)
        XCTAssertThrowsError(try MaxPoolingForward.cached(shape)) { error in
            XCTAssertEqual(error as? OneDNNError, .impossibleShape("The \(shape)"))
        }
    }
}
