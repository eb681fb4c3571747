/// What the measurements of a kernel come to: a row of `normtrain bench kernels`.
public struct KernelFigures: Codable, Equatable, Sendable {
    /// Where the data lie when a kernel begins.
    public enum Place: String, Codable, Sendable {
        /// A slice, as training computes it.
        case cache
        /// So many images that no cache holds them.
        case memory
    }

    let kernel: String
    let shape: String
    let place: Place
    let seconds: Double
    /// 10⁹ bytes a second, read and written together.
    let gbPerSecond: Double
    let copyGbPerSecond: Double
    let readGbPerSecond: Double
    /// Of the copy's bandwidth, or of the read's where the kernel writes nothing to speak of.
    let share: Double

    /// - Parameters:
    ///   - shape: what the kernel works on.
    ///   - bytes: that it must read and write at least, each once.
    ///   - onlyReads: whether it writes nothing to speak of.
    ///   - copySeconds: of a copy that moves as many bytes.
    ///   - readSeconds: of a plain read of as many.
    public init(
        kernel: String, shape: String, place: Place, bytes: Int, onlyReads: Bool, seconds: Double, copySeconds: Double,
        readSeconds: Double
    ) {
        self.kernel = kernel
        self.shape = shape
        self.place = place
        self.seconds = seconds
        gbPerSecond = Double(bytes) / seconds / 1e9
        copyGbPerSecond = Double(bytes) / copySeconds / 1e9
        readGbPerSecond = Double(bytes) / readSeconds / 1e9
        share = gbPerSecond / (onlyReads ? readGbPerSecond : copyGbPerSecond)
    }
}

/// One pass of one convolution over a worker's batch.
public struct ConvolutionFigures: Codable, Equatable, Sendable {
    /// The layer's name.
    let layer: String
    let pass: String
    let algorithm: String
    /// Images × height × width × input channels → output channels.
    let shape: String
    let seconds: Double
    /// 10⁹ operations a second, as many as a direct convolution takes.
    let gflops: Double
    /// Of a core's.
    let shareOfPeak: Double

    /// - Parameter flops: operations of a direct convolution.
    public init(
        layer: String, pass: String, algorithm: String, shape: String, seconds: Double, flops: Int, peak: ProcessorPeak
    ) {
        self.layer = layer
        self.pass = pass
        self.algorithm = algorithm
        self.shape = shape
        self.seconds = seconds
        gflops = Double(flops) / seconds / 1e9
        shareOfPeak = gflops / peak.gflopsPerCore
    }
}

/// A sum of integers over all ranks, watched for stalls as in training, beside MPI's own blocking call.
public struct AllreduceFigures: Codable, Equatable, Sendable {
    let elements: Int
    let bytes: Int
    let seconds: Double
    let bareSeconds: Double
    /// `seconds` over `bareSeconds`.
    let ratio: Double

    /// - Parameter bareSeconds: of MPI's own call.
    public init(elements: Int, seconds: Double, bareSeconds: Double) {
        self.elements = elements
        bytes = elements * MemoryLayout<Int64>.stride
        self.seconds = seconds
        self.bareSeconds = bareSeconds
        ratio = seconds / bareSeconds
    }
}
