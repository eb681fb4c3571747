import Autograd

/// A dense layer with a bias: x · weightsᵀ + bias.
public final class Dense: Layer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Outputs × inputs.
    public let weights: Tensor
    /// Outputs.
    public let bias: Tensor

    /// A layer with initial weights drawn from the seed, and a bias of zeros.
    init(name: String, inputs: Int, outputs: Int, seed: UInt64) {
        self.name = name
        weights = .he(name: "\(name).weight", shape: [outputs, inputs], inputs: inputs, seed: seed)
        bias = .parameter(shape: [outputs], filledWith: 0)
    }

    /// Weights and bias.
    public var ownParameters: [Parameter] {
        [Parameter(layer: name, .weight, weights), Parameter(layer: name, .bias, bias)]
    }

    /// Images × outputs, for x of images × inputs.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try context.layer(name, .dense(inputs: weights.shape[1], outputs: weights.shape[0]), of: x) {
            try context.tape.addBias(context.tape.dense(x, weights), bias)
        }
    }
}
