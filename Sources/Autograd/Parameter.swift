/// A tensor that training changes.
public struct Parameter {
    /// What it does in its layer; optimisers may treat roles differently, and other programs name them differently.
    public enum Role: Sendable {
        /// Products with inputs are summed.
        case weight
        /// Added to such sums.
        case bias
        /// γ of a normalisation.
        case gain
        /// β of a normalisation.
        case shift
    }

    /// The layer that it belongs to.
    public let layer: String
    /// What it does there.
    public let role: Role
    /// The values; changed in place by the optimiser.
    public let tensor: Tensor
    /// Whether its gradients arrive already summed over all workers, so that they are not exchanged again.
    public let arrivesSummed: Bool

    /// A parameter of a layer.
    public init(layer: String, _ role: Role, _ tensor: Tensor, arrivesSummed: Bool = false) {
        self.layer = layer
        self.role = role
        self.tensor = tensor
        self.arrivesSummed = arrivesSummed
    }

    /// Its name in files and messages: the layer's and its own, `normalization1.gamma` for example.
    public var name: String {
        switch role {
        case .weight: "\(layer).weight"
        case .bias: "\(layer).bias"
        case .gain: "\(layer).gamma"
        case .shift: "\(layer).beta"
        }
    }

    /// PyTorch's name for it.
    public var pytorchName: String {
        switch role {
        case .weight, .gain: "\(layer).weight"
        case .bias, .shift: "\(layer).bias"
        }
    }
}

extension Tensor {
    /// A parameter's tensor with every value the same.
    public static func parameter(shape: [Int], filledWith value: Float) -> Tensor {
        let tensor = Tensor(shape: shape, needsGradient: true)
        tensor.values.update(repeating: value)
        return tensor
    }
}
