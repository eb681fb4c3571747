import Autograd
import Kernels

/// A normalisation of NHWC images with an optional activation in the same pass.
public protocol NormalizationLayer: AnyObject {
    /// What the layer is called in messages and files.
    var name: String { get }

    /// γ, channels; nil for a layer without affine part.
    var gamma: Tensor? { get }

    /// β, channels; nil for a layer without affine part.
    var beta: Tensor? { get }

    /// A collector for the moments that this layer needs in `mode`; nil when it needs none.
    ///
    /// Whoever makes the input may feed it slice by slice while they are in cache.
    ///
    /// - Parameter shape: of the input, NHWC.
    func collector(for shape: [Int], mode: NormalizationMode, on tape: Tape) -> MomentCollector?

    /// activation(γ(x−μ)/√(σ²+ε) + β).
    ///
    /// - Parameters:
    ///   - x: images × height × width × channels.
    ///   - moments: a collector from `collector`, fed with all of x; nil to have the layer take the moments itself.
    func normalize(
        _ x: Tensor, moments: MomentCollector?, activation: Activation, mode: NormalizationMode, on tape: Tape
    ) throws -> Tensor
}

extension NormalizationLayer {
    /// activation(γ(x−μ)/√(σ²+ε) + β) for x of shape images × height × width × channels.
    public func callAsFunction(
        _ x: Tensor, activation: Activation = .identity, mode: NormalizationMode = .training, on tape: Tape
    ) throws -> Tensor {
        let moments = collector(for: x.shape, mode: mode, on: tape)
        try moments?.add(all: x, layout: tape.layout)
        return try normalize(x, moments: moments, activation: activation, mode: mode, on: tape)
    }

    func requireImages(_ shape: [Int], channels: Int) {
        precondition(
            shape.count == 4 && shape[3] == channels,
            "\(name) normalises images with \(channels) channels (NHWC), not shape \(shape)")
    }
}
