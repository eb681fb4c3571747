/// The per-channel coefficients of a normalisation's input gradient: dx = factor·g + slope·(x−μ) + offset.
///
/// With the sums A, B over N values and v = 1/√(σ²+ε) they are factor = γv, slope = −γv³B/N, offset = −γvA/N
/// (Ioffe and Szegedy 2015, the equation for ∂ℓ/∂x, collected by powers of x−μ).
public struct InputGradientCoefficients {
    /// Channels each; the caller keeps them alive.
    public let factor: UnsafePointer<Float>
    /// Channels.
    public let slope: UnsafePointer<Float>
    /// Channels.
    public let offset: UnsafePointer<Float>

    /// Three buffers of `channels` values.
    @inlinable
    public init(factor: UnsafePointer<Float>, slope: UnsafePointer<Float>, offset: UnsafePointer<Float>) {
        self.factor = factor
        self.slope = slope
        self.offset = offset
    }
}

/// The gradient with respect to a normalisation's input: dx = factor·g + slope·(x−μ) + offset, g being the upstream
/// gradient masked by the activation.
///
/// - Parameters:
///   - gradient: pixels × channels, read: the gradient behind the activation; may be the same buffer as `inputGradient`.
///   - x: pixels × channels, read: the input of the normalisation.
///   - coefficients: those of the forward pass.
///   - inputGradient: pixels × channels, overwritten.
public func normalizationInputGradient(
    of gradient: UnsafePointer<Float>, at x: UnsafePointer<Float>, pixels: Int, channels: Int,
    coefficients: ChannelCoefficients, activation: Activation, gradientCoefficients: InputGradientCoefficients,
    into inputGradient: UnsafeMutablePointer<Float>
) {
    activation.run(
        InputGradientVectors(
            gradient: gradient, x: x, pixels: pixels, channels: channels, coefficients: coefficients,
            gradientCoefficients: gradientCoefficients, inputGradient: inputGradient))
    for channel in (channels / 8 * 8)..<channels {
        inputGradientOfChannel(
            channel, gradient, x, pixels, channels, coefficients, activation, gradientCoefficients,
            inputGradient)
    }
}

private struct InputGradientVectors: VectorKernel {
    let gradient: UnsafePointer<Float>
    let x: UnsafePointer<Float>
    let pixels: Int
    let channels: Int
    let coefficients: ChannelCoefficients
    let gradientCoefficients: InputGradientCoefficients
    let inputGradient: UnsafeMutablePointer<Float>

    @inline(__always)
    func callAsFunction(_ activation: some VectorActivation) {
        forEachRun(ofPixels: pixels, channels: channels) { first, count in
            let start = first * channels
            inputGradientOfVectors(
                gradient + start, x + start, count, channels, coefficients, activation, gradientCoefficients,
                inputGradient + start)
        }
    }
}

@inline(__always)
private func inputGradientOfVectors(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int, _ channels: Int,
    _ coefficients: ChannelCoefficients, _ activation: some VectorActivation,
    _ gradientCoefficients: InputGradientCoefficients, _ inputGradient: UnsafeMutablePointer<Float>
) {
    var channel = 0
    while channel + 16 <= channels {
        let low = VectorCoefficients(coefficients, at: channel)
        let high = VectorCoefficients(coefficients, at: channel + 8)
        let lowGradient = VectorGradientCoefficients(gradientCoefficients, at: channel)
        let highGradient = VectorGradientCoefficients(gradientCoefficients, at: channel + 8)
        var index = channel
        for _ in 0..<pixels {
            let lowCentered = x.vector(at: index) - low.center
            let highCentered = x.vector(at: index + 8) - high.center
            let lowMasked = low.masked(gradient.vector(at: index), at: lowCentered, activation)
            let highMasked = high.masked(gradient.vector(at: index + 8), at: highCentered, activation)
            inputGradient.store(lowGradient(lowMasked, lowCentered), at: index)
            inputGradient.store(highGradient(highMasked, highCentered), at: index + 8)
            index += channels
        }
        channel += 16
    }
    while channel + 8 <= channels {
        let held = VectorCoefficients(coefficients, at: channel)
        let heldGradient = VectorGradientCoefficients(gradientCoefficients, at: channel)
        var index = channel
        for _ in 0..<pixels {
            let centered = x.vector(at: index) - held.center
            let masked = held.masked(gradient.vector(at: index), at: centered, activation)
            inputGradient.store(heldGradient(masked, centered), at: index)
            index += channels
        }
        channel += 8
    }
}

/// The gradient coefficients of eight channels, held in registers over all pixels.
private struct VectorGradientCoefficients {
    let factor: Vector
    let slope: Vector
    let offset: Vector

    @inline(__always)
    init(_ coefficients: InputGradientCoefficients, at position: Int) {
        factor = coefficients.factor.vector(at: position)
        slope = coefficients.slope.vector(at: position)
        offset = coefficients.offset.vector(at: position)
    }

    @inline(__always)
    func callAsFunction(_ gradient: Vector, _ centered: Vector) -> Vector {
        offset.addingProduct(centered, slope).addingProduct(gradient, factor)
    }
}

private func inputGradientOfChannel(
    _ channel: Int, _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int,
    _ channels: Int, _ coefficients: ChannelCoefficients, _ activation: Activation,
    _ gradientCoefficients: InputGradientCoefficients, _ inputGradient: UnsafeMutablePointer<Float>
) {
    let factor = gradientCoefficients.factor[channel]
    let slope = gradientCoefficients.slope[channel]
    let offset = gradientCoefficients.offset[channel]
    for pixel in 0..<pixels {
        let index = pixel * channels + channel
        let centered = x[index] - coefficients.center[channel]
        let beforeActivation = coefficients.shift[channel].addingProduct(centered, coefficients.scale[channel])
        let masked = gradient[index] * activation.derivative(at: beforeActivation)
        inputGradient[index] = offset.addingProduct(centered, slope).addingProduct(masked, factor)
    }
}
