import Autograd

/// What makes an embedding of an image's features, to be compared with others: W₂·ReLU(W₁h + b₁) + b₂, with as many hidden
/// values as features (Chen et al. 2020, section 2.1). It has no norm.
public final class ProjectionHead: Layer {
    /// What it is called.
    public let name = "projection"
    private let hidden: Dense
    private let output: Dense

    /// A head with initial weights drawn from the seed.
    ///
    /// - Parameters:
    ///   - inputs: features of an image.
    ///   - width: values of an embedding.
    ///   - seed: decides the initial weights.
    public init(inputs: Int, width: Int, seed: UInt64) {
        hidden = Dense(name: "projection1", inputs: inputs, outputs: inputs, seed: seed)
        output = Dense(name: "projection2", inputs: inputs, outputs: width, seed: seed)
    }

    /// The two dense layers.
    public var children: [any Module] { [hidden, output] }

    /// Images × width, for x of images × features.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        let products = try hidden(x, context)
        let activated = context.layer("projection1.activation", of: products) { context.tape.activate(products, .relu) }
        return try output(activated, context)
    }
}
