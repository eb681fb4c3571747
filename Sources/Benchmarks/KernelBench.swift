import Autograd
import Kernels
import Models
import OneDNN
import Reports
import Workers

/// The memory that all kernels are measured on, one after the other, and the kernels.
///
/// A kernel's buffers lie behind each other at its beginning, so that small ones are in cache together.
final class KernelBench {
    /// A buffer that no cache holds.
    private static let memoryBytes = 64 << 20
    private static let activation = Activation.relu

    /// As large as the three largest buffers.
    private let values: Tensor
    private let coefficients: Tensor
    private let sums: Buffer
    private let network: DryRun
    private let images: Int
    let parameterCount: Int

    /// - Parameters:
    ///   - network: of one image.
    ///   - parameterCount: values of all its parameters.
    ///   - images: of the batch.
    init(_ network: DryRun, parameterCount: Int, images: Int) {
        self.network = network
        self.parameterCount = parameterCount
        self.images = images
        values = .normals(shape: [3, Self.memoryBytes / MemoryLayout<Float>.stride])
        coefficients = .normals(shape: [6, 128])
        sums = Buffer(byteCount: 2 * 128 * MemoryLayout<Double>.stride)
        sums.doubles.update(repeating: 0, count: 2 * 128)
    }

    /// Where copies and plain reads are measured.
    var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(values.pointer) }

    /// Everything that is measured, on each of the network's shapes.
    func cases() throws -> [KernelCase] {
        var cases: [KernelCase] = []
        var known: Set<[Int]> = []
        for (_, shape) in network.convolutions {
            let extents = [shape.outputHeight, shape.outputWidth, shape.outputChannels]
            guard known.insert(extents).inserted else { continue }
            for place in [KernelFigures.Place.cache, .memory] {
                cases += normalization(
                    place, height: extents[0], width: extents[1], channels: extents[2],
                    images: count(place, valuesIn: shape.sourceCount, out: shape.destinationCount))
            }
        }
        for shape in network.poolings {
            for place in [KernelFigures.Place.cache, .memory] {
                let images = count(place, valuesIn: shape.sourceCount, out: shape.destinationCount)
                cases += try pooling(
                    place,
                    PoolingShape(images: images, height: shape.height, width: shape.width, channels: shape.channels))
            }
        }
        return cases + [crossEntropy()] + parameters()
    }

    /// The images of the first slice of a batch as training cuts it, or as many as fill the memory.
    private func count(_ place: KernelFigures.Place, valuesIn: Int, out: Int) -> Int {
        let valueBytes = MemoryLayout<Float>.stride
        switch place {
        case .cache:
            return BatchLayout(images: images).slices(bytesPerImage: (valuesIn + out) * valueBytes)[0].count
        case .memory:
            return Self.memoryBytes / (max(valuesIn, out) * valueBytes)
        }
    }

    private func normalization(
        _ place: KernelFigures.Place, height: Int, width: Int, channels: Int, images: Int
    ) -> [KernelCase] {
        let pixels = images * height * width
        let bytes = pixels * channels * MemoryLayout<Float>.stride
        let x = values.pointer
        let gradient = x + pixels * channels
        let result = gradient + pixels * channels
        let forward = ChannelCoefficients(
            center: coefficients.row(0), scale: coefficients.row(1), shift: coefficients.row(2))
        let backward = InputGradientCoefficients(
            factor: coefficients.row(3), slope: coefficients.row(4), offset: coefficients.row(5))
        let sum = sums.doubles
        func measured(_ kernel: String, reads: Int, writes: Int, _ run: @escaping () -> Void) -> KernelCase {
            KernelCase(
                kernel: kernel, shape: "\(images)×\(height)×\(width)×\(channels)", place: place,
                bytesRead: reads * bytes, bytesWritten: writes * bytes, run: run)
        }
        return [
            measured("moments", reads: 1, writes: 0) {
                addChannelMoments(
                    of: x, pixels: pixels, channels: channels, pivot: forward.center, sum: sum,
                    squareSum: sum + channels)
            },
            measured("normalise + ReLU", reads: 1, writes: 1) {
                normalize(
                    x, pixels: pixels, channels: channels, coefficients: forward, activation: Self.activation,
                    into: gradient)
            },
            measured("gradient moments", reads: 2, writes: 0) {
                addGradientMoments(
                    of: gradient, at: x, pixels: pixels, channels: channels, coefficients: forward,
                    activation: Self.activation, gradientSum: sum, gradientProductSum: sum + channels)
            },
            measured("input gradient", reads: 2, writes: 1) {
                normalizationInputGradient(
                    of: gradient, at: x, pixels: pixels, channels: channels, coefficients: forward,
                    activation: Self.activation, gradientCoefficients: backward, into: result)
            },
        ]
    }

    private func pooling(_ place: KernelFigures.Place, _ shape: PoolingShape) throws -> [KernelCase] {
        let forward = try MaxPoolingForward.cached(shape)
        let backward = try MaxPoolingGradient.cached(shape)
        let positions = Buffer(byteCount: forward.workspaceBytes)
        let x = values.pointer
        let y = x + shape.sourceCount
        try forward.execute(source: x, destination: y, workspace: positions.address)
        let sourceBytes = shape.sourceCount * MemoryLayout<Float>.stride
        let resultBytes = shape.destinationCount * MemoryLayout<Float>.stride
        let name = "\(shape.images)×\(shape.height)×\(shape.width)×\(shape.channels)"
        return [
            KernelCase(
                kernel: "max pooling", shape: name, place: place, bytesRead: sourceBytes,
                bytesWritten: resultBytes + forward.workspaceBytes
            ) { try forward.execute(source: x, destination: y, workspace: positions.address) },
            KernelCase(
                kernel: "max pooling, gradient", shape: name, place: place,
                bytesRead: resultBytes + forward.workspaceBytes, bytesWritten: sourceBytes
            ) { try backward.execute(outputGradient: y, workspace: positions.address, inputGradient: x) },
        ]
    }

    private func crossEntropy() -> KernelCase {
        let (images, classes) = (images, network.layers.last?.outputShape.last ?? 1)
        let logits = Tensor.normals(shape: [images, classes])
        let gradient = Tensor(shape: [images, classes])
        let bytes = images * classes * MemoryLayout<Float>.stride
        return KernelCase(
            kernel: "softmax cross-entropy", shape: "\(images)×\(classes)", place: .cache, bytesRead: bytes,
            bytesWritten: bytes
        ) {
            for image in 0..<images {
                _ = softmaxCrossEntropy(
                    of: logits.row(image), classes: classes, label: image % classes, factor: 1,
                    gradient: gradient.row(image))
            }
        }
    }
}
