/// Adds the first two moments of each channel, Σ(x−K) and Σ(x−K)², in Double.
///
/// The pivot K is any value near the mean, the same for all members of a statistics group; it takes the cancellation
/// out of Σx²/N − (Σx/N)². Sums are taken pairwise: with a mean of 1000 deviations and K = 0, sums over 25,088 pixels one
/// after another err by 3·10⁻⁸ of the variance, pairwise ones by 10⁻¹⁰ (Higham 1993, "The accuracy of floating point
/// summation", section 3).
///
/// - Parameters:
///   - x: pixels × channels, read.
///   - pivot: channels, read.
///   - sum: channels, accumulated: Σ(x−K).
///   - squareSum: channels, accumulated: Σ(x−K)².
public func addChannelMoments(
    of x: UnsafePointer<Float>, pixels: Int, channels: Int, pivot: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Double>, squareSum: UnsafeMutablePointer<Double>
) {
    assert(pixels >= 0 && channels > 0)
    if channels == 1 {
        // The lanes of a vector are neighbouring pixels.
        let vectors = pixels / 8
        let moments = momentsOfEightChannels(
            x, pixels: vectors, stride: 8, pivot: WideVector(repeating: Double(pivot[0])))
        let rest = momentsOfChannel(x + vectors * 8, pixels: pixels % 8, stride: 1, pivot: Double(pivot[0]))
        sum[0] += moments.sum.sum() + rest.sum
        squareSum[0] += moments.squares.sum() + rest.squares
        return
    }
    var channel = 0
    while channel + 16 <= channels {
        let (low, high) = momentsOfSixteenChannels(
            x + channel, pixels: pixels, stride: channels, pivot: pivot + channel)
        sum.add(low.sum, at: channel)
        sum.add(high.sum, at: channel + 8)
        squareSum.add(low.squares, at: channel)
        squareSum.add(high.squares, at: channel + 8)
        channel += 16
    }
    while channel + 8 <= channels {
        let moments = momentsOfEightChannels(
            x + channel, pixels: pixels, stride: channels, pivot: WideVector(pivot.vector(at: channel)))
        sum.add(moments.sum, at: channel)
        squareSum.add(moments.squares, at: channel)
        channel += 8
    }
    while channel < channels {
        let moments = momentsOfChannel(
            x + channel, pixels: pixels, stride: channels, pivot: Double(pivot[channel]))
        sum[channel] += moments.sum
        squareSum[channel] += moments.squares
        channel += 1
    }
}

/// Both moments of eight channels, or of one channel in eight parts.
private struct Moments {
    var sum = WideVector.zero
    var squares = WideVector.zero

    @inline(__always)
    mutating func add(_ value: WideVector) {
        sum += value
        squares = squares.addingProduct(value, value)
    }

    static func + (first: Moments, second: Moments) -> Moments {
        Moments(sum: first.sum + second.sum, squares: first.squares + second.squares)
    }
}

/// Runs short enough that the loop over one outweighs the call, and that the error within one does not count.
private let pixelsPerRun = 64

/// Sixteen channels keep eight accumulator registers busy, which hides the latency of the additions.
private func momentsOfSixteenChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: UnsafePointer<Float>
) -> (low: Moments, high: Moments) {
    if pixels > pixelsPerRun {
        let half = pixels / 2
        let first = momentsOfSixteenChannels(x, pixels: half, stride: stride, pivot: pivot)
        let second = momentsOfSixteenChannels(
            x + half * stride, pixels: pixels - half, stride: stride, pivot: pivot)
        return (first.low + second.low, first.high + second.high)
    }
    let lowPivot = WideVector(pivot.vector(at: 0))
    let highPivot = WideVector(pivot.vector(at: 8))
    var low = Moments()
    var high = Moments()
    var row = x
    for _ in 0..<pixels {
        low.add(WideVector(row.vector(at: 0)) - lowPivot)
        high.add(WideVector(row.vector(at: 8)) - highPivot)
        row += stride
    }
    return (low, high)
}

private func momentsOfEightChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: WideVector
) -> Moments {
    if pixels > pixelsPerRun {
        let half = pixels / 2
        return momentsOfEightChannels(x, pixels: half, stride: stride, pivot: pivot)
            + momentsOfEightChannels(x + half * stride, pixels: pixels - half, stride: stride, pivot: pivot)
    }
    var moments = Moments()
    var row = x
    for _ in 0..<pixels {
        moments.add(WideVector(row.vector(at: 0)) - pivot)
        row += stride
    }
    return moments
}

/// One of the channels left over when their number is no multiple of eight.
private func momentsOfChannel(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: Double
) -> (sum: Double, squares: Double) {
    if pixels > pixelsPerRun {
        let half = pixels / 2
        let first = momentsOfChannel(x, pixels: half, stride: stride, pivot: pivot)
        let second = momentsOfChannel(x + half * stride, pixels: pixels - half, stride: stride, pivot: pivot)
        return (first.sum + second.sum, first.squares + second.squares)
    }
    var sum = 0.0
    var squares = 0.0
    for pixel in 0..<pixels {
        let value = Double(x[pixel * stride]) - pivot
        sum += value
        squares += value * value
    }
    return (sum, squares)
}
