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
    let levels = 2 + Int.bitWidth - max(1, pixels / pixelsPerSum).leadingZeroBitCount
    withUnsafeTemporaryAllocation(of: Double.self, capacity: levels * 2 * channels) { buffer in
        guard let moments = buffer.baseAddress else { return }
        pairwiseMoments(of: x, pixels: pixels, channels: channels, pivot: pivot, into: moments)
        for channel in 0..<channels {
            sum[channel] += moments[channel]
            squareSum[channel] += moments[channels + channel]
        }
    }
}

/// Both moments of all channels, summed pairwise; few pixels at a time with all their channels, so that wide layers are
/// walked through only once.
///
/// - Parameter moments: 2 × channels, overwritten, and behind them as much for each time that the pixels are halved.
private func pairwiseMoments(
    of x: UnsafePointer<Float>, pixels: Int, channels: Int, pivot: UnsafePointer<Float>,
    into moments: UnsafeMutablePointer<Double>
) {
    guard pixels > pixelsPerSum else {
        return momentsOfFewPixels(x, pixels: pixels, channels: channels, pivot: pivot, into: moments)
    }
    let half = pixels / 2
    let second = moments + 2 * channels
    pairwiseMoments(of: x, pixels: half, channels: channels, pivot: pivot, into: moments)
    pairwiseMoments(of: x + half * channels, pixels: pixels - half, channels: channels, pivot: pivot, into: second)
    for index in 0..<2 * channels { moments[index] += second[index] }
}

private func momentsOfFewPixels(
    _ x: UnsafePointer<Float>, pixels: Int, channels: Int, pivot: UnsafePointer<Float>,
    into moments: UnsafeMutablePointer<Double>
) {
    let squares = moments + channels
    var channel = 0
    while channel + 16 <= channels {
        let (low, high) = momentsOfSixteenChannels(
            x + channel, pixels: pixels, stride: channels, pivot: pivot + channel)
        moments.store(low.sum, at: channel)
        moments.store(high.sum, at: channel + 8)
        squares.store(low.squares, at: channel)
        squares.store(high.squares, at: channel + 8)
        channel += 16
    }
    while channel + 8 <= channels {
        let eight = momentsOfEightChannels(
            x + channel, pixels: pixels, stride: channels, pivot: WideVector(pivot.vector(at: channel)))
        moments.store(eight.sum, at: channel)
        squares.store(eight.squares, at: channel)
        channel += 8
    }
    while channel < channels {
        let one = momentsOfChannel(x + channel, pixels: pixels, stride: channels, pivot: Double(pivot[channel]))
        moments[channel] = one.sum
        squares[channel] = one.squares
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
private let pixelsPerSum = 64

/// Sixteen channels keep eight accumulator registers busy, which hides the latency of the additions.
@inline(__always)
private func momentsOfSixteenChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: UnsafePointer<Float>
) -> (low: Moments, high: Moments) {
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
    if pixels > pixelsPerSum {
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
    if pixels > pixelsPerSum {
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
