/// What networks meet in place of bytes: the byte minus a mean and divided by a deviation, both of its channel, and times a
/// factor in every second column.
public struct PixelNormalization: Sendable {
    /// Per channel, what is taken off the bytes.
    public let means: [Float]
    /// Per channel, what they are then divided by.
    public let deviations: [Float]
    /// What the values of the second and every other column are multiplied by.
    public let columnFactor: Float
    /// channels × 256: (byte − mean)/deviation.
    private let table: [Float]

    /// Number of channels.
    public var channels: Int { means.count }

    /// - Parameters:
    ///   - means: per channel, what is taken off the bytes.
    ///   - deviations: per channel, what they are then divided by, above 0.
    ///   - columnFactor: what the values of the second and every other column are multiplied by.
    public init(means: [Float], deviations: [Float], columnFactor: Float = 1) {
        precondition(
            means.count == deviations.count && deviations.allSatisfy { $0 > 0 },
            "means \(means) and deviations \(deviations) don't normalise")
        self.means = means
        self.deviations = deviations
        self.columnFactor = columnFactor
        table = zip(means, deviations).flatMap { mean, deviation in
            (0..<256).map { (Float($0) - mean) / deviation }
        }
    }

    /// What brings images, at least one, into a form.
    ///
    /// Standardised ones have the means of their bytes taken off and are divided by the standard deviations, with the count
    /// as the divisor, and 1 for a constant channel, so that its values become 0. All sums are integers and therefore exact.
    public init(of images: ImageSet, _ form: PixelForm = .standardised) {
        switch form {
        case .standardised:
            let histograms = Self.histograms(of: images)
            let moments = histograms.map(Self.moments(ofHistogram:))
            self.init(means: moments.map { Float($0.mean) }, deviations: moments.map { Float($0.deviation) })
        case .unit:
            self.init(ofBytesIn: images.channels, columnFactor: 1)
        case .ranges(let largest):
            self.init(ofBytesIn: images.channels, columnFactor: Float(largest))
        }
    }

    /// Brings bytes into the range from 0 to 1.
    private init(ofBytesIn channels: Int, columnFactor: Float) {
        self.init(
            means: Array(repeating: 0, count: channels), deviations: Array(repeating: 255, count: channels),
            columnFactor: columnFactor)
    }

    /// - Parameters:
    ///   - bytes: height × width × channels.
    ///   - destination: height × width × channels, overwritten.
    ///   - width: pixels of a row.
    func normalize(
        _ bytes: UnsafeBufferPointer<UInt8>, into destination: UnsafeMutableBufferPointer<Float>, width: Int
    ) {
        normalize(bytes, into: destination)
        multiplyColumns(of: destination, width: width)
    }

    /// Multiplies the second and every other column by their factor.
    ///
    /// - Parameters:
    ///   - values: height × width × channels, changed.
    ///   - width: pixels of a row.
    func multiplyColumns(of values: UnsafeMutableBufferPointer<Float>, width: Int) {
        guard columnFactor != 1 else { return }
        for row in stride(from: 0, to: values.count, by: width * channels) {
            for column in stride(from: row + channels, to: row + width * channels, by: 2 * channels) {
                for value in column..<column + channels { values[value] *= columnFactor }
            }
        }
    }

    private func normalize(_ bytes: UnsafeBufferPointer<UInt8>, into destination: UnsafeMutableBufferPointer<Float>) {
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

    /// - Parameter values: pixels × channels, between those of bytes too; overwritten by the normalised ones.
    func normalize(_ values: UnsafeMutableBufferPointer<Float>) {
        assert(values.count % channels == 0)
        for channel in 0..<channels {
            let (mean, deviation) = (means[channel], deviations[channel])
            for position in stride(from: channel, to: values.count, by: channels) {
                values[position] = (values[position] - mean) / deviation
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
