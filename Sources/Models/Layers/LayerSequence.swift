import Autograd

/// Layers one behind the other.
public final class LayerSequence: Layer {
    /// What it is called.
    public let name: String
    private let layers: [any Layer]

    /// - Parameters:
    ///   - name: what it is called.
    ///   - layers: in the order in which data goes through them.
    public init(name: String, _ layers: [any Layer]) {
        self.name = name
        self.layers = layers
    }

    /// The layers.
    public var children: [any Module] { layers }

    /// What the last layer makes.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try layers.reduce(x) { try $1($0, context) }
    }
}
