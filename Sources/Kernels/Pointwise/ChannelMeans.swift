/// The mean of each channel over the pixels of an image, summed in Double.
///
/// - Parameters:
///   - x: pixels × channels, read.
///   - means: channels, overwritten.
public func channelMeans(
    of x: UnsafePointer<Float>, pixels: Int, channels: Int, into means: UnsafeMutablePointer<Float>
) {
    var channel = 0
    while channel + 8 <= channels {
        var sum = WideVector.zero
        for pixel in 0..<pixels { sum += WideVector(x.vector(at: pixel * channels + channel)) }
        means.store(Vector(sum / Double(pixels)), at: channel)
        channel += 8
    }
    while channel < channels {
        var sum = 0.0
        for pixel in 0..<pixels { sum += Double(x[pixel * channels + channel]) }
        means[channel] = Float(sum / Double(pixels))
        channel += 1
    }
}

/// The backward pass of `channelMeans`: every pixel receives factor · gradient of its channel.
///
/// - Parameters:
///   - gradient: channels, read.
///   - pixelGradient: pixels × channels, overwritten.
public func spreadChannels(
    of gradient: UnsafePointer<Float>, factor: Float, pixels: Int, channels: Int,
    into pixelGradient: UnsafeMutablePointer<Float>
) {
    for channel in 0..<channels { pixelGradient[channel] = factor * gradient[channel] }
    for pixel in 1..<max(1, pixels) {
        (pixelGradient + pixel * channels).update(from: pixelGradient, count: channels)
    }
}
