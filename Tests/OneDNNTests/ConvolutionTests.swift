import OneDNN
import XCTest

final class ConvolutionTests: XCTestCase {
    private static func shape(
        _ images: Int, _ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0, choice: ConvolutionChoice = .fastest
    ) -> ConvolutionShape {
        ConvolutionShape(
            images: images, height: height, width: width, inputChannels: inputs, outputChannels: outputs,
            kernel: kernel, stride: stride, padding: padding, choice: choice)
    }

    private let shapes = [
        shape(3, 28, 28, 1, 32, kernel: 3, padding: 1),
        shape(1, 28, 28, 1, 32, kernel: 3, padding: 1),
        shape(3, 9, 6, 7, 5, kernel: 3, padding: 1),
        shape(1, 9, 6, 7, 5, kernel: 3),
        shape(2, 9, 6, 7, 5, kernel: 3, stride: 2, padding: 1),
        shape(3, 8, 8, 16, 24, kernel: 3, stride: 2, padding: 1),
        shape(3, 1, 1, 7, 5, kernel: 1),
        shape(1, 1, 1, 1, 1, kernel: 1),
        shape(2, 1, 1, 3, 4, kernel: 3, padding: 1),
        shape(3, 7, 7, 32, 64, kernel: 1),
        shape(3, 7, 7, 32, 64, kernel: 1, stride: 2),
        shape(1, 11, 9, 3, 8, kernel: 7, padding: 3),
        shape(3, 14, 14, 32, 64, kernel: 3, padding: 1),
        shape(2, 32, 32, 3, 32, kernel: 3, padding: 1),
        shape(1, 5, 4, 64, 1, kernel: 3, padding: 1),
        shape(2, 28, 28, 32, 32, kernel: 3, padding: 1),
        shape(4, 14, 14, 64, 64, kernel: 3, padding: 1),
        shape(5, 15, 13, 32, 48, kernel: 3),
        shape(12, 7, 7, 64, 128, kernel: 3, padding: 1),
    ]

    func testForwardPassIsTheSumOfItsDefinition() throws {
        for shape in shapes {
            let pass = try Pass(shape)
            let expected = PlainConvolution(shape: shape).forward(
                source: pass.source.doubles, weights: pass.weights.doubles)
            assertClose(try pass.forward(), expected, "\(shape)")
        }
    }

    func testInputGradientIsTheSumOfItsDefinition() throws {
        for shape in shapes {
            let pass = try Pass(shape)
            let expected = PlainConvolution(shape: shape).inputGradient(
                outputGradient: pass.outputGradient.doubles, weights: pass.weights.doubles)
            assertClose(try pass.inputGradient(), expected, "\(shape)")
        }
    }

    func testWeightGradientIsTheSumOfItsDefinitionInTheOrderOfTheWeights() throws {
        for shape in shapes {
            let pass = try Pass(shape)
            let expected = PlainConvolution(shape: shape).weightGradient(
                source: pass.source.doubles, outputGradient: pass.outputGradient.doubles)
            assertClose(try pass.weightGradient(), expected, "\(shape)")
        }
    }

    func testSameInputsAtOtherAddressesGiveTheSameBits() throws {
        for shape in shapes {
            let first = try Pass(shape)
            let second = try Pass(shape)
            XCTAssertEqual(try first.forward().bits, try second.forward().bits, "\(shape)")
            XCTAssertEqual(try first.inputGradient().bits, try second.inputGradient().bits, "\(shape)")
            XCTAssertEqual(try first.weightGradient().bits, try second.weightGradient().bits, "\(shape)")
        }
    }

    func testAnImageGetsTheSameBitsAloneAndAmongOthers() throws {
        for (height, inputs, outputs) in [(28, 1, 32), (28, 32, 32), (14, 32, 64), (14, 64, 64), (7, 64, 128)] {
            for images in [2, 3, 8, 20] {
                let together = try Pass(
                    Self.shape(images, height, height, inputs, outputs, kernel: 3, padding: 1))
                let alone = try Pass(Self.shape(1, height, height, inputs, outputs, kernel: 3, padding: 1))
                // The generator is seeded alike, so `alone` has the first image of `together`.
                let count = alone.shape.destinationCount
                XCTAssertEqual(
                    try together.forward().bits.prefix(count), try alone.forward().bits[...], "\(together.shape)")
                XCTAssertEqual(
                    try together.inputGradient().bits.prefix(alone.shape.sourceCount),
                    try alone.inputGradient().bits[...], "\(together.shape)")
            }
        }
    }

    /// By the root of the mean square, against sums in Double.
    func testWinogradErrsAtMostFiveTimesAsMuchAsDirectSums() throws {
        for (height, inputs, outputs) in [(28, 32, 32), (14, 32, 64), (14, 64, 64), (7, 64, 128)] {
            let shapes = ConvolutionChoice.allCases.map {
                Self.shape(5, height, height, inputs, outputs, kernel: 3, padding: 1, choice: $0)
            }
            for pass in ConvolutionPass.allCases {
                let algorithms = shapes.map { ConvolutionAlgorithm.chosen(for: $0, pass) }
                XCTAssertEqual(algorithms[1], .direct)
                guard algorithms[0] == .winograd else { continue }
                let errors = try shapes.map { try Pass($0).relativeError(of: pass) }
                let what = "\(pass.rawValue) of the \(shapes[0]): \(errors)"
                XCTAssertLessThan(errors[0], 1.2e-6, what)
                XCTAssertLessThan(errors[0], 5 * errors[1], what)
                XCTAssertNotEqual(errors[0], errors[1], what)
            }
        }
    }

    func testEqualShapesShareOneObjectAndOthersDoNot() throws {
        let shape = Self.shape(2, 6, 6, 8, 8, kernel: 3)
        let equal = Self.shape(2, 6, 6, 8, 8, kernel: 3)
        let other = Self.shape(3, 6, 6, 8, 8, kernel: 3)
        XCTAssertTrue(try ConvolutionForward.cached(shape) === ConvolutionForward.cached(equal))
        XCTAssertTrue(try ConvolutionInputGradient.cached(shape) === ConvolutionInputGradient.cached(equal))
        XCTAssertTrue(try ConvolutionWeightGradient.cached(shape) === ConvolutionWeightGradient.cached(equal))
        XCTAssertFalse(try ConvolutionForward.cached(shape) === ConvolutionForward.cached(other))
    }

    func testOperationsAreTwoPerProduct() {
        // 28·28 places, 32 outputs, 9 products of a single channel, 2 images.
        XCTAssertEqual(Self.shape(2, 28, 28, 1, 32, kernel: 3, padding: 1).forwardFlops, 2 * 2 * 784 * 32 * 9)
    }

    func testShapeWithoutOutputIsRefusedNamingItsExtents() {
        for shape in [
            Self.shape(1, 2, 2, 1, 1, kernel: 3), Self.shape(0, 8, 8, 1, 1, kernel: 3),
            Self.shape(1, 8, 8, 0, 1, kernel: 3), Self.shape(1, 8, 8, 1, 1, kernel: 3, stride: 0),
            Self.shape(1, 8, 8, 1, 1, kernel: 3, padding: -1),
        ] {
            XCTAssertThrowsError(try ConvolutionForward.cached(shape)) { error in
                XCTAssertTrue("\(error)".contains("\(shape)"), "\(error)")
                XCTAssertTrue("\(error)".contains("has no output"), "\(error)")
            }
        }
    }

    func testConcurrentCallsDoNotMixTheirBuffers() throws {
        let shape = Self.shape(1, 9, 6, 7, 5, kernel: 3, padding: 1)
        let expected = try Pass(shape).forward().bits
        let differing = LockedCount()
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            let same = (try? Pass(shape).forward().bits == expected) ?? false
            if !same { differing.increment() }
        }
        XCTAssertEqual(differing.value, 0)
    }
}

/// Inputs for the three passes of a shape, and their outputs.
struct Pass {
    let shape: ConvolutionShape
    let source: Values
    let weights: Values
    let outputGradient: Values
    let packed: PackedWeights

    init(_ shape: ConvolutionShape) throws {
        self.shape = shape
        source = .random(shape.sourceCount, seed: 1)
        weights = .random(shape.weightCount, seed: 2)
        outputGradient = .random(shape.destinationCount, seed: 3)
        packed = try PackedWeights(for: shape)
        try packed.replace(with: weights.pointer)
    }

    func forward() throws -> Values {
        let destination = Values.unwritten(shape.destinationCount)
        try ConvolutionForward.cached(shape).execute(
            source: source.pointer, weights: packed, destination: destination.pointer)
        return destination
    }

    func inputGradient() throws -> Values {
        let gradient = Values.unwritten(shape.sourceCount)
        try ConvolutionInputGradient.cached(shape).execute(
            outputGradient: outputGradient.pointer, weights: packed, inputGradient: gradient.pointer)
        return gradient
    }

    /// The root of the mean squared error over that of the mean square.
    func relativeError(of pass: ConvolutionPass) throws -> Double {
        let plain = PlainConvolution(shape: shape)
        let (values, expected) =
            switch pass {
            case .forward:
                (try forward(), plain.forward(source: source.doubles, weights: weights.doubles))
            case .inputGradient:
                (
                    try inputGradient(),
                    plain.inputGradient(outputGradient: outputGradient.doubles, weights: weights.doubles)
                )
            case .weightGradient:
                (
                    try weightGradient(),
                    plain.weightGradient(source: source.doubles, outputGradient: outputGradient.doubles)
                )
            }
        let squaredErrors = zip(values.doubles, expected).map { ($0 - $1) * ($0 - $1) }
        return (squaredErrors.reduce(0, +) / expected.map { $0 * $0 }.reduce(0, +)).squareRoot()
    }

    func weightGradient() throws -> Values {
        let gradient = Values.unwritten(shape.weightCount)
        try ConvolutionWeightGradient.cached(shape).execute(
            source: source.pointer, outputGradient: outputGradient.pointer, weightGradient: gradient.pointer)
        return gradient
    }
}

private final class LockedCount: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var value: Int { lock.withLock { count } }

    func increment() { lock.withLock { count += 1 } }
}
