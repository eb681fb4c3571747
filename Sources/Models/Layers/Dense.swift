import Autograd
import Normalization

/// A dense layer, x · weightsᵀ + bias; or without bias, where a norm behind it adds a shift.
public final class Dense: Layer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Outputs × inputs.
    public let weights: Tensor
    /// Outputs; nil for a layer without.
    public let bias: Tensor?

    /// A layer with initial weights drawn from the seed, and a bias of zeros.
    init(name: String, inputs: Int, outputs: Int, hasBias: Bool = true, seed: UInt64) {
        self.name = name
        weights = .he(name: "\(name).weight", shape: [outputs, inputs], inputs: inputs, seed: seed)
        bias = hasBias ? .parameter(shape: [outputs], filledWith: 0) : nil
    }

    /// Weights and bias.
    public var ownParameters: [Parameter] {
        [Parameter(layer: name, .weight, weights)] + (bias.map { [Parameter(layer: name, .bias, $0)] } ?? [])
    }

    /// Images × outputs, for x of images × inputs.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try context.layer(name, .dense(inputs: weights.shape[1], outputs: weights.shape[0]), of: x) {
            let products = try context.tape.dense(x, weights)
            return bias.map { context.tape.addBias(products, $0) } ?? products
        }
    }
}

/// A dense layer, a normalisation and ReLU. Each image gives the norm one value a channel.
final class NormalizedDense: Layer {
    let name: String
    private let dense: Dense
    /// nil where a network does without.
    private let normalization: (any NormalizationLayer)?
    private let normalizationName: String

    /// - Parameter number: what the layers are called by, behind their kind: `dense1`, `normalization1`.
    init(number: Int, inputs: Int, outputs: Int, _ settings: NetworkSettings) throws {
        name = "dense\(number)"
        normalizationName = "normalization\(number)"
        normalization = try settings.normalization(name: normalizationName, channels: outputs)
        dense = Dense(
            name: name, inputs: inputs, outputs: outputs, hasBias: normalization?.affine.beta == nil,
            seed: settings.seed)
    }

    var children: [any Module] { [dense] + (normalization.map { [$0] } ?? []) }

    func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        let tape = context.tape
        let products = try dense(x, context)
        guard let normalization else {
            return context.layer("\(name).activation", .absentNormalization(normalizationName), of: products) {
                tape.activate(products, .relu)
            }
        }
        let pixels = tape.reshape(products, to: [products.shape[0], 1, 1, products.shape[1]])
        return tape.reshape(try normalization(pixels, activation: .relu, context), to: products.shape)
    }
}
