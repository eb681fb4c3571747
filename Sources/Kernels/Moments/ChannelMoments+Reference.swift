/// The plain form of `addChannelMoments`: the same sums, one value after another.
///
/// - Parameters:
///   - x: pixels × channels, read.
///   - pivot: channels, read.
///   - sum: channels, accumulated: Σ(x−K).
///   - squareSum: channels, accumulated: Σ(x−K)².
public func addChannelMomentsReference(
    of x: UnsafePointer<Float>, pixels: Int, channels: Int, pivot: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Double>, squareSum: UnsafeMutablePointer<Double>
) {
    for pixel in 0..<pixels {
        for channel in 0..<channels {
            let value = Double(x[pixel * channels + channel]) - Double(pivot[channel])
            sum[channel] += value
            squareSum[channel] += value * value
        }
    }
}
