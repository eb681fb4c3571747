import Autograd
import MPI
import Models
import OneDNN
import Workers

/// The convolutions of a training step of one worker, and nothing else: what a step can't be faster than.
///
/// They run in the order and in the slices of the step, each layer on buffers of its own, so that what lies in the cache
/// is about what lies there in training.
final class NetworkConvolutions {
    /// One pass of one layer.
    struct Part {
        /// The layer's name.
        let layer: String
        /// Among the convolutions, counted from 0.
        let place: Int
        let pass: ConvolutionPass
        /// Over all images.
        let shape: ConvolutionShape

        /// The images of each call.
        var calls: [Range<Int>] {
            let images = 0..<shape.images
            return pass == .weightGradient
                ? BatchLayout.weightGradientParts(of: images, bytesPerImage: shape.bytesPerImage)
                : BatchLayout.slices(of: images, bytesPerImage: shape.bytesPerImage)
        }

        /// Of the first call; they have as many images but for one.
        var algorithm: ConvolutionAlgorithm { .chosen(for: shape.with(images: calls[0].count), pass) }
    }

    /// In the order in which they run.
    let parts: [Part]
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

    /// - Parameters:
    ///   - network: of one image.
    ///   - images: of the worker's batch.
    init(_ network: DryRun, images: Int) throws {
        let names = network.convolutions.map(\.layer)
        let shapes = network.convolutions.map { $0.shape.with(images: images) }
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
        func part(_ place: Int, _ pass: ConvolutionPass) -> Part {
            Part(layer: names[place], place: place, pass: pass, shape: shapes[place])
        }
        let forward = shapes.indices.map { part($0, .forward) }
        let backward = shapes.indices.reversed().flatMap { place in
            // Nobody asks for the gradient of the images.
            (place == 0 ? [ConvolutionPass.weightGradient] : [.inputGradient, .weightGradient]).map { part(place, $0) }
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
        let layer = layers[part.place]
        for images in part.calls {
            let shape = part.shape.with(images: images.count)
            let source = layer.source.row(images.lowerBound)
            switch part.pass {
            case .forward:
                try ConvolutionForward.cached(shape).execute(
                    source: source, weights: layer.packed, destination: layer.output.row(images.lowerBound))
            case .inputGradient:
                try ConvolutionInputGradient.cached(shape).execute(
                    outputGradient: layer.outputGradient.row(images.lowerBound), weights: layer.packed,
                    inputGradient: layer.inputGradient.row(images.lowerBound))
            case .weightGradient:
                try ConvolutionWeightGradient.cached(shape).execute(
                    source: source, outputGradient: layer.outputGradient.row(images.lowerBound),
                    weightGradient: layer.weightGradient.pointer)
            }
        }
    }
}
