/// Normalises and activates: y = activation((x − center)·scale + shift), per channel.
///
/// The mean is subtracted before the product, not folded into the shift, because folding loses digits when the mean is
/// large against the deviation.
///
/// - Parameters:
///   - x: pixels × channels, read; may be the same buffer as `y`.
///   - coefficients: center, scale and shift of each channel.
///   - y: pixels × channels, overwritten.
public func normalize(
    _ x: UnsafePointer<Float>, pixels: Int, channels: Int, coefficients: ChannelCoefficients, activation: Activation,
    into y: UnsafeMutablePointer<Float>
) {
    activation.run(
        NormalizeVectors(x: x, pixels: pixels, channels: channels, coefficients: coefficients, y: y))
    for channel in (channels / 8 * 8)..<channels {
        let center = coefficients.center[channel]
        let scale = coefficients.scale[channel]
        let shift = coefficients.shift[channel]
        for pixel in 0..<pixels {
            let index = pixel * channels + channel
            y[index] = activation(shift.addingProduct(x[index] - center, scale))
        }
    }
}

private struct NormalizeVectors: VectorKernel {
    let x: UnsafePointer<Float>
    let pixels: Int
    let channels: Int
    let coefficients: ChannelCoefficients
    let y: UnsafeMutablePointer<Float>

    @inline(__always)
    func callAsFunction(_ activation: some VectorActivation) {
        forEachRun(ofPixels: pixels, channels: channels) { first, count in
            normalizeVectors(
                x + first * channels, count, channels, coefficients, activation, y + first * channels)
        }
    }
}

@inline(__always)
private func normalizeVectors(
    _ x: UnsafePointer<Float>, _ pixels: Int, _ channels: Int, _ coefficients: ChannelCoefficients,
    _ activation: some VectorActivation, _ y: UnsafeMutablePointer<Float>
) {
    var channel = 0
    while channel + 32 <= channels {
        normalizeFourVectors(x + channel, pixels, channels, coefficients.from(channel), activation, y + channel)
        channel += 32
    }
    while channel + 8 <= channels {
        let held = VectorCoefficients(coefficients, at: channel)
        var index = channel
        for _ in 0..<pixels {
            y.store(held.normalized(x.vector(at: index), activation), at: index)
            index += channels
        }
        channel += 8
    }
}

/// Thirty-two channels a turn, so that every cache line that is touched is used whole.
@inline(__always)
private func normalizeFourVectors(
    _ x: UnsafePointer<Float>, _ pixels: Int, _ stride: Int, _ coefficients: ChannelCoefficients,
    _ activation: some VectorActivation, _ y: UnsafeMutablePointer<Float>
) {
    let first = VectorCoefficients(coefficients, at: 0)
    let second = VectorCoefficients(coefficients, at: 8)
    let third = VectorCoefficients(coefficients, at: 16)
    let fourth = VectorCoefficients(coefficients, at: 24)
    var index = 0
    for _ in 0..<pixels {
        y.store(first.normalized(x.vector(at: index), activation), at: index)
        y.store(second.normalized(x.vector(at: index + 8), activation), at: index + 8)
        y.store(third.normalized(x.vector(at: index + 16), activation), at: index + 16)
        y.store(fourth.normalized(x.vector(at: index + 24), activation), at: index + 24)
        index += stride
    }
}
