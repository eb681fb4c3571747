import Autograd
import MPI
import OneDNN

/// The convolutions of a training step of one worker, and nothing else: what a step can't be faster than.
///
/// They run in the order and in the slices of the step, each layer on buffers of its own, so that what lies in the cache
/// is about what lies there in training.
final class NetworkConvolutions {
    /// One pass of one layer.
    struct Part {
        /// Counted from 1.
        let layer: Int
        let pass: ConvolutionPass
        /// Over all images.
        let shape: ConvolutionShape
    }

    /// In the order in which they run.
    let parts: [Part]
    private let images: Int
    private let layers: [Layer]

    private struct Layer {
        let source: Tensor
        let output: Tensor
        let outputGradient: Tensor
        let inputGradient: Tensor
        let weightGradient: Tensor
        let weights: Tensor
        let packed: PackedWeights
    }

    /// - Parameter images: of the worker's batch.
    init(_ work: NetworkWork, images: Int) throws {
        self.images = images
        let shapes = work.convolutions(images: images)
        layers = try shapes.map { shape in
            let source = [images, shape.height, shape.width, shape.inputChannels]
            let output = [images, shape.outputHeight, shape.outputWidth, shape.outputChannels]
            let weightShape = [shape.outputChannels, shape.inputChannels, shape.kernel, shape.kernel]
            let weights = Tensor.normals(shape: weightShape)
            let packed = try PackedWeights(for: shape)
            try packed.replace(with: weights.pointer)
            return Layer(
                source: .normals(shape: source), output: .normals(shape: output),
                outputGradient: .normals(shape: output), inputGradient: .normals(shape: source),
                weightGradient: .normals(shape: weightShape), weights: weights, packed: packed)
        }
        let forward = shapes.indices.map { Part(layer: $0 + 1, pass: .forward, shape: shapes[$0]) }
        let backward = shapes.indices.reversed().flatMap { layer in
            // Nobody asks for the gradient of the images.
            (layer == 0 ? [ConvolutionPass.weightGradient] : [.inputGradient, .weightGradient]).map {
                Part(layer: layer + 1, pass: $0, shape: shapes[layer])
            }
        }
        parts = forward + backward
    }

    /// Runs each part once.
    ///
    /// - Returns: the seconds of each part.
    func run() throws -> [Double] {
        try parts.map { part in
            let start = MPIEnvironment.wallSeconds
            try run(part)
            return MPIEnvironment.wallSeconds - start
        }
    }

    private func run(_ part: Part) throws {
        let layer = layers[part.layer - 1]
        switch part.pass {
        case .forward:
            for slice in slices(of: part.shape) {
                try ConvolutionForward.cached(part.shape.with(images: slice.count)).execute(
                    source: layer.source.row(slice.lowerBound), weights: layer.packed,
                    destination: layer.output.row(slice.lowerBound))
            }
        case .inputGradient:
            for slice in slices(of: part.shape) {
                try ConvolutionInputGradient.cached(part.shape.with(images: slice.count)).execute(
                    outputGradient: layer.outputGradient.row(slice.lowerBound), weights: layer.packed,
                    inputGradient: layer.inputGradient.row(slice.lowerBound))
            }
        case .weightGradient:
            for images in BatchLayout.weightGradientParts(
                of: 0..<images, bytesPerImage: part.shape.bytesPerImage)
            {
                try ConvolutionWeightGradient.cached(part.shape.with(images: images.count)).execute(
                    source: layer.source.row(images.lowerBound),
                    outputGradient: layer.outputGradient.row(images.lowerBound),
                    weightGradient: layer.weightGradient.pointer)
            }
        }
    }

    private func slices(of shape: ConvolutionShape) -> [Range<Int>] {
        BatchLayout(images: images).slices(bytesPerImage: shape.bytesPerImage)
    }
}
