/// Adds the first two moments of each channel, Σ(x−K) and Σ(x−K)², in Double.
///
/// The pivot K is any value near the mean, the same for all members of a statistics group; it takes the cancellation
/// out of Σx²/N − (Σx/N)².
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
        addMomentsOfOneChannel(x, count: pixels, pivot: pivot[0], sum: sum, squareSum: squareSum)
        return
    }
    var channel = 0
    while channel + 16 <= channels {
        addMomentsOfSixteenChannels(
            x + channel, pixels: pixels, stride: channels, pivot: pivot + channel, sum: sum + channel,
            squareSum: squareSum + channel)
        channel += 16
    }
    while channel + 8 <= channels {
        addMomentsOfEightChannels(
            x + channel, pixels: pixels, stride: channels, pivot: pivot + channel, sum: sum + channel,
            squareSum: squareSum + channel)
        channel += 8
    }
    if channel < channels {
        addMomentsOfFewChannels(
            x + channel, pixels: pixels, stride: channels, count: channels - channel, pivot: pivot + channel,
            sum: sum + channel, squareSum: squareSum + channel)
    }
}

/// Sixteen channels keep eight accumulator registers busy, which hides the latency of the additions.
@inline(__always)
private func addMomentsOfSixteenChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Double>, squareSum: UnsafeMutablePointer<Double>
) {
    let lowPivot = WideVector(pivot.vector(at: 0))
    let highPivot = WideVector(pivot.vector(at: 8))
    var lowSum = WideVector.zero
    var highSum = WideVector.zero
    var lowSquares = WideVector.zero
    var highSquares = WideVector.zero
    var row = x
    for _ in 0..<pixels {
        let low = WideVector(row.vector(at: 0)) - lowPivot
        let high = WideVector(row.vector(at: 8)) - highPivot
        lowSum += low
        highSum += high
        lowSquares = lowSquares.addingProduct(low, low)
        highSquares = highSquares.addingProduct(high, high)
        row += stride
    }
    sum.add(lowSum, at: 0)
    sum.add(highSum, at: 8)
    squareSum.add(lowSquares, at: 0)
    squareSum.add(highSquares, at: 8)
}

@inline(__always)
private func addMomentsOfEightChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, pivot: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Double>, squareSum: UnsafeMutablePointer<Double>
) {
    let widePivot = WideVector(pivot.vector(at: 0))
    var total = WideVector.zero
    var squares = WideVector.zero
    var row = x
    for _ in 0..<pixels {
        let value = WideVector(row.vector(at: 0)) - widePivot
        total += value
        squares = squares.addingProduct(value, value)
        row += stride
    }
    sum.add(total, at: 0)
    squareSum.add(squares, at: 0)
}

/// The channels left over when their number is no multiple of eight.
private func addMomentsOfFewChannels(
    _ x: UnsafePointer<Float>, pixels: Int, stride: Int, count: Int, pivot: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Double>, squareSum: UnsafeMutablePointer<Double>
) {
    for channel in 0..<count {
        let center = Double(pivot[channel])
        var total = 0.0
        var squares = 0.0
        for pixel in 0..<pixels {
            let value = Double(x[pixel * stride + channel]) - center
            total += value
            squares += value * value
        }
        sum[channel] += total
        squareSum[channel] += squares
    }
}

/// With one channel the lanes of a vector are neighbouring pixels.
private func addMomentsOfOneChannel(
    _ x: UnsafePointer<Float>, count: Int, pivot: Float, sum: UnsafeMutablePointer<Double>,
    squareSum: UnsafeMutablePointer<Double>
) {
    let center = WideVector(repeating: Double(pivot))
    var total = WideVector.zero
    var squares = WideVector.zero
    var index = 0
    while index + 8 <= count {
        let value = WideVector(x.vector(at: index)) - center
        total += value
        squares = squares.addingProduct(value, value)
        index += 8
    }
    sum[0] += total.sum()
    squareSum[0] += squares.sum()
    while index < count {
        let value = Double(x[index]) - Double(pivot)
        sum[0] += value
        squareSum[0] += value * value
        index += 1
    }
}
