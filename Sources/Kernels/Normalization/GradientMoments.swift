/// Adds the two sums that the backward pass of a normalisation needs, per channel and in Double: A = Σg and B = Σg(x−μ).
///
/// g is the upstream gradient masked by the derivative of the activation behind the normalisation (Ioffe and Szegedy
/// 2015, the equations for ∂ℓ/∂β and ∂ℓ/∂γ, with γ/√(σ²+ε) left to the caller).
///
/// - Parameters:
///   - gradient: pixels × channels, read: the gradient behind the activation.
///   - x: pixels × channels, read: the input of the normalisation.
///   - coefficients: those of the forward pass; `center` is the μ in B.
///   - gradientSum: channels, accumulated: A.
///   - gradientProductSum: channels, accumulated: B.
public func addGradientMoments(
    of gradient: UnsafePointer<Float>, at x: UnsafePointer<Float>, pixels: Int, channels: Int,
    coefficients: ChannelCoefficients, activation: Activation, gradientSum: UnsafeMutablePointer<Double>,
    gradientProductSum: UnsafeMutablePointer<Double>
) {
    let vectorized = channels / 8 * 8
    activation.run(
        GradientMomentVectors(
            gradient: gradient, x: x, pixels: pixels, channels: channels, coefficients: coefficients,
            gradientSum: gradientSum, gradientProductSum: gradientProductSum))
    for channel in vectorized..<channels {
        addGradientMoments(
            ofChannel: channel, gradient, x, pixels, channels, coefficients, activation, gradientSum, gradientProductSum
        )
    }
}

private struct GradientMomentVectors: VectorKernel {
    let gradient: UnsafePointer<Float>
    let x: UnsafePointer<Float>
    let pixels: Int
    let channels: Int
    let coefficients: ChannelCoefficients
    let gradientSum: UnsafeMutablePointer<Double>
    let gradientProductSum: UnsafeMutablePointer<Double>

    @inline(__always)
    func callAsFunction(_ activation: some VectorActivation) {
        forEachRun(ofPixels: pixels, channels: channels) { first, count in
            addGradientMoments(
                gradient + first * channels, x + first * channels, count, channels, coefficients, activation,
                gradientSum, gradientProductSum)
        }
    }
}

@inline(__always)
private func addGradientMoments(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int, _ channels: Int,
    _ coefficients: ChannelCoefficients, _ activation: some VectorActivation,
    _ gradientSum: UnsafeMutablePointer<Double>, _ gradientProductSum: UnsafeMutablePointer<Double>
) {
    var channel = 0
    while channel + 16 <= channels {
        addGradientMomentsOfSixteenChannels(
            gradient + channel, x + channel, pixels, channels, coefficients.from(channel), activation,
            gradientSum + channel, gradientProductSum + channel)
        channel += 16
    }
    while channel + 8 <= channels {
        addGradientMomentsOfEightChannels(
            gradient + channel, x + channel, pixels, channels, coefficients.from(channel), activation,
            gradientSum + channel, gradientProductSum + channel)
        channel += 8
    }
}

@inline(__always)
private func addGradientMomentsOfSixteenChannels(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int, _ stride: Int,
    _ coefficients: ChannelCoefficients, _ activation: some VectorActivation,
    _ gradientSum: UnsafeMutablePointer<Double>, _ gradientProductSum: UnsafeMutablePointer<Double>
) {
    let low = VectorCoefficients(coefficients, at: 0)
    let high = VectorCoefficients(coefficients, at: 8)
    var lowSum = WideVector.zero
    var highSum = WideVector.zero
    var lowProducts = WideVector.zero
    var highProducts = WideVector.zero
    var gradientRow = gradient
    var row = x
    for _ in 0..<pixels {
        let lowCentered = row.vector(at: 0) - low.center
        let highCentered = row.vector(at: 8) - high.center
        let lowGradient = WideVector(low.masked(gradientRow.vector(at: 0), at: lowCentered, activation))
        let highGradient = WideVector(high.masked(gradientRow.vector(at: 8), at: highCentered, activation))
        lowSum += lowGradient
        highSum += highGradient
        lowProducts = lowProducts.addingProduct(lowGradient, WideVector(lowCentered))
        highProducts = highProducts.addingProduct(highGradient, WideVector(highCentered))
        gradientRow += stride
        row += stride
    }
    gradientSum.add(lowSum, at: 0)
    gradientSum.add(highSum, at: 8)
    gradientProductSum.add(lowProducts, at: 0)
    gradientProductSum.add(highProducts, at: 8)
}

@inline(__always)
private func addGradientMomentsOfEightChannels(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int, _ stride: Int,
    _ coefficients: ChannelCoefficients, _ activation: some VectorActivation,
    _ gradientSum: UnsafeMutablePointer<Double>, _ gradientProductSum: UnsafeMutablePointer<Double>
) {
    let held = VectorCoefficients(coefficients, at: 0)
    var sum = WideVector.zero
    var products = WideVector.zero
    for pixel in 0..<pixels {
        let centered = x.vector(at: pixel * stride) - held.center
        let masked = WideVector(held.masked(gradient.vector(at: pixel * stride), at: centered, activation))
        sum += masked
        products = products.addingProduct(masked, WideVector(centered))
    }
    gradientSum.add(sum, at: 0)
    gradientProductSum.add(products, at: 0)
}

private func addGradientMoments(
    ofChannel channel: Int, _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ pixels: Int,
    _ channels: Int, _ coefficients: ChannelCoefficients, _ activation: Activation,
    _ gradientSum: UnsafeMutablePointer<Double>, _ gradientProductSum: UnsafeMutablePointer<Double>
) {
    var sum = 0.0
    var products = 0.0
    for pixel in 0..<pixels {
        let index = pixel * channels + channel
        let centered = x[index] - coefficients.center[channel]
        let beforeActivation = coefficients.shift[channel].addingProduct(centered, coefficients.scale[channel])
        let masked = Double(gradient[index] * activation.derivative(at: beforeActivation))
        sum += masked
        products += masked * Double(centered)
    }
    gradientSum[channel] += sum
    gradientProductSum[channel] += products
}
