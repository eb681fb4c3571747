/// Per channel, the mean and the deviation of bytes, and the 256 normalised values they lead to.
public struct PixelNormalization: Sendable {
    /// Per channel, the mean of the bytes.
    public let means: [Float]
    /// Per channel, the standard deviation of the bytes (with the count as the divisor); 1 for a constant channel,
    /// so that its values become 0.
    public let deviations: [Float]
    /// channels × 256: (byte − mean)/deviation.
    private let table: [Float]

    /// Number of channels.
    public var channels: Int { means.count }

    /// - Parameters:
    ///   - means: per channel, the mean of the bytes.
    ///   - deviations: per channel, the deviation of the bytes, above 0.
    public init(means: [Float], deviations: [Float]) {
        precondition(
            means.count == deviations.count && deviations.allSatisfy { $0 > 0 },
            "means \(means) and deviations \(deviations) don't normalise")
        self.means = means
        self.deviations = deviations
        table = zip(means, deviations).flatMap { mean, deviation in
            (0..<256).map { (Float($0) - mean) / deviation }
        }
    }

    /// The means and deviations of images, at least one. All sums are integers and therefore exact.
    public init(of images: ImageSet) {
        let histograms = Self.histograms(of: images)
        let moments = histograms.map(Self.moments(ofHistogram:))
        self.init(means: moments.map { Float($0.mean) }, deviations: moments.map { Float($0.deviation) })
    }

    /// - Parameters:
    ///   - bytes: pixels × channels.
    ///   - destination: pixels × channels, overwritten.
    func normalize(_ bytes: UnsafeBufferPointer<UInt8>, into destination: UnsafeMutableBufferPointer<Float>) {
        assert(bytes.count == destination.count && bytes.count % channels == 0)
        guard let source = bytes.baseAddress, let target = destination.baseAddress else { return }
        table.withUnsafeBufferPointer { table in
            guard var values = table.baseAddress else { return }
            for channel in 0..<channels {
                var position = channel
                while position < bytes.count {
                    target[position] = values[Int(source[position])]
                    position += channels
                }
                values += 256
            }
        }
    }

    /// Per channel, how often each of the 256 bytes occurs.
    private static func histograms(of images: ImageSet) -> [[UInt64]] {
        images.images.withUnsafeBufferPointer { bytes in
            (0..<images.channels).map { channel in
                let occurrences = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
                defer { occurrences.deallocate() }
                occurrences.initialize(repeating: 0, count: 256)
                if let first = bytes.baseAddress {
                    var position = channel
                    while position < bytes.count {
                        occurrences[Int(first[position])] += 1
                        position += images.channels
                    }
                }
                return Array(UnsafeBufferPointer(start: occurrences, count: 256))
            }
        }
    }

    /// mean = S₁/N, deviation = √(N·S₂ − S₁²)/N, with N = Σn, S₁ = Σn·byte, S₂ = Σn·byte². The difference is an
    /// integer, in which nothing cancels.
    private static func moments(ofHistogram histogram: [UInt64]) -> (mean: Double, deviation: Double) {
        var count: UInt64 = 0
        var sum: UInt64 = 0
        var squares: UInt64 = 0
        for (byte, occurrences) in zip(UInt64(0)..<256, histogram) {
            count += occurrences
            sum += occurrences * byte
            squares += occurrences * byte * byte
        }
        precondition(count > 0, "no pixels have no mean")
        let spread = UInt128(count) * UInt128(squares) - UInt128(sum) * UInt128(sum)
        let deviation = spread == 0 ? 1 : Double(spread).squareRoot() / Double(count)
        return (Double(sum) / Double(count), deviation)
    }
}
