import OneDNN
import XCTest

final class PackedWeightsTests: XCTestCase {
    private func shape(images: Int) -> ConvolutionShape {
        ConvolutionShape(
            images: images, height: 14, width: 14, inputChannels: 32, outputChannels: 32, kernel: 3, padding: 1)
    }

    private func runForward(_ shape: ConvolutionShape, _ weights: PackedWeights) throws -> Values {
        let source = Values.random(shape.sourceCount, seed: 4)
        let destination = Values.unwritten(shape.destinationCount)
        try ConvolutionForward.cached(shape).execute(
            source: source.pointer, weights: weights, destination: destination.pointer)
        return destination
    }

    func testSlicesOfOneLayoutShareOneReorderAStep() throws {
        let packed = try PackedWeights(for: shape(images: 1))
        let values = Values.random(shape(images: 1).weightCount, seed: 5)
        for step in 1...3 {
            try packed.replace(with: values.pointer)
            for _ in 0..<4 { _ = try runForward(shape(images: 2), packed) }
            XCTAssertEqual(packed.reorderCount, step)
        }
    }

    func testNewValuesReplaceTheOldInEveryPass() throws {
        let shape = shape(images: 1)
        let packed = try PackedWeights(for: shape)
        let values = Values.random(shape.weightCount, seed: 6)
        let outputGradient = Values.random(shape.destinationCount, seed: 7)
        for seed: UInt64 in [8, 9] {
            let next = Values.random(shape.weightCount, seed: seed)
            values.pointer.update(from: next.pointer, count: next.count)
            try packed.replace(with: values.pointer)
            let source = Values.random(shape.sourceCount, seed: 4)
            assertClose(
                try runForward(shape, packed),
                PlainConvolution(shape: shape).forward(source: source.doubles, weights: next.doubles), "forward")
            let gradient = Values.unwritten(shape.sourceCount)
            try ConvolutionInputGradient.cached(shape).execute(
                outputGradient: outputGradient.pointer, weights: packed, inputGradient: gradient.pointer)
            assertClose(
                gradient,
                PlainConvolution(shape: shape).inputGradient(
                    outputGradient: outputGradient.doubles, weights: next.doubles), "input gradient")
        }
    }

    func testWeightsWithoutValuesAreRefusedNamingTheirShape() throws {
        let packed = try PackedWeights(for: shape(images: 1))
        XCTAssertThrowsError(try runForward(shape(images: 1), packed)) { error in
            XCTAssertEqual(error as? OneDNNError, .weightsWithoutValues("32×32×3×3"))
        }
    }

    func testWeightsOfAnotherShapeAreRefusedNamingTheCall() throws {
        let other = ConvolutionShape(
            images: 1, height: 14, width: 14, inputChannels: 16, outputChannels: 32, kernel: 3, padding: 1)
        let packed = try PackedWeights(for: other)
        let values = Values.random(other.weightCount, seed: 10)
        try packed.replace(with: values.pointer)
        XCTAssertThrowsError(try runForward(shape(images: 1), packed)) { error in
            guard case .callFailed(let call, let status, let text, let purpose)? = error as? OneDNNError else {
                return XCTFail("\(error)")
            }
            XCTAssertEqual(call, "dnnl_reorder_primitive_desc_create")
            XCTAssertEqual(status, 2)
            XCTAssertEqual(text, "invalid_arguments")
            XCTAssertTrue(purpose.contains("32×16×3×3"), purpose)
        }
    }
}
