/// The plain form of `normalize`, one value after another in Double.
///
/// - Parameters:
///   - x: pixels × channels, read.
///   - center, scale, shift: channels each, read.
///   - y: pixels × channels, overwritten.
public func normalizeReference(
    _ x: UnsafePointer<Double>, pixels: Int, channels: Int, center: UnsafePointer<Double>,
    scale: UnsafePointer<Double>, shift: UnsafePointer<Double>, activation: Activation,
    into y: UnsafeMutablePointer<Double>
) {
    for pixel in 0..<pixels {
        for channel in 0..<channels {
            let index = pixel * channels + channel
            y[index] = activation.reference((x[index] - center[channel]) * scale[channel] + shift[channel])
        }
    }
}

extension Activation {
    /// The activation of one value in Double.
    public func reference(_ x: Double) -> Double {
        switch self {
        case .identity: x
        case .relu: x < 0 ? 0 : x
        case .leakyReLU(let slope): x < 0 ? Double(slope) * x : x
        }
    }

    /// The derivative at `x` in Double; at the kink it is that of the negative side.
    public func referenceDerivative(at x: Double) -> Double {
        switch self {
        case .identity: 1
        case .relu: x > 0 ? 1 : 0
        case .leakyReLU(let slope): x > 0 ? 1 : Double(slope)
        }
    }
}
