/// What turns a convolution's output into the input of its activation: (x − center)·scale + shift, per channel.
///
/// Forward applies it, backward applies it again to find where the activation was closed, so that no mask is stored.
public struct ChannelCoefficients {
    /// μ, channels.
    public let center: UnsafePointer<Float>
    /// Of most norms γ/√(σ²+ε), channels.
    public let scale: UnsafePointer<Float>
    /// Of most norms β, channels.
    public let shift: UnsafePointer<Float>

    /// Three buffers of `channels` values; the caller keeps them alive.
    @inlinable
    public init(center: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>) {
        self.center = center
        self.scale = scale
        self.shift = shift
    }

    /// The same coefficients from `channel` on.
    @inlinable
    func from(_ channel: Int) -> ChannelCoefficients {
        ChannelCoefficients(center: center + channel, scale: scale + channel, shift: shift + channel)
    }
}
