import MPI
import OneDNN

/// One pass of one convolution over a worker's batch: a row of `normtrain bench kernels`.
struct ConvolutionFigures: Codable, Equatable {
    /// Counted from 1.
    let layer: Int
    let pass: ConvolutionPass
    let algorithm: ConvolutionAlgorithm
    /// Images × height × width × input channels → output channels.
    let shape: String
    let seconds: Double
    /// 10⁹ operations a second, as many as a direct convolution takes.
    let gigaflops: Double
    /// Of a core's.
    let shareOfPeak: Double

    enum CodingKeys: String, CodingKey {
        case layer, pass, algorithm, shape, seconds
        case gigaflops = "gflops"
        case shareOfPeak = "share_of_peak"
    }

    private init(_ part: NetworkConvolutions.Part, seconds: Double, peak: ProcessorPeak) {
        let shape = part.shape
        layer = part.layer
        pass = part.pass
        algorithm = part.algorithm
        self.shape =
            "\(shape.images)×\(shape.height)×\(shape.width)×\(shape.inputChannels) → \(shape.outputChannels)"
        self.seconds = seconds
        gigaflops = Double(shape.forwardFlops) / seconds / 1e9
        shareOfPeak = gigaflops / peak.gigaflopsPerCore
    }

    /// Each pass of each convolution, the median over so many runs through all of them, on the slowest rank; a
    /// collective.
    ///
    /// - Returns: the rows, and the median seconds of all of them together.
    static func measured(
        _ convolutions: NetworkConvolutions, runs: Int, communicator: Communicator, peak: ProcessorPeak
    ) throws -> (rows: [ConvolutionFigures], sum: Double) {
        _ = try convolutions.run()
        var seconds = convolutions.parts.map { _ in [Double]() }
        var sums: [Double] = []
        for _ in 0..<runs {
            try communicator.barrier()
            var run = try convolutions.run()
            run.append(run.reduce(0, +))
            try communicator.allreduce(&run, .max)
            for index in seconds.indices { seconds[index].append(run[index]) }
            sums.append(run[seconds.count])
        }
        let rows = zip(convolutions.parts, seconds).map {
            ConvolutionFigures($0, seconds: Quantiles($1).median, peak: peak)
        }
        return (rows.sorted { $0.layer < $1.layer }, Quantiles(sums).median)
    }
}
