import MPI
import OneDNN
import Reports

extension ConvolutionFigures {
    fileprivate init(_ part: NetworkConvolutions.Part, seconds: Double, peak: ProcessorPeak) {
        let shape = part.shape
        self.init(
            layer: part.layer, pass: part.pass.rawValue, algorithm: part.algorithm.rawValue,
            shape: "\(shape.images)×\(shape.height)×\(shape.width)×\(shape.inputChannels) → \(shape.outputChannels)",
            seconds: seconds, flops: shape.forwardFlops, peak: peak)
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
            try communicator.barrier(for: "the convolutions")
            var run = try convolutions.run()
            run.append(run.reduce(0, +))
            try communicator.allreduce(&run, .max, for: "the slowest rank's convolutions")
            for index in seconds.indices { seconds[index].append(run[index]) }
            sums.append(run[seconds.count])
        }
        let rows = zip(convolutions.parts, seconds)
            .sorted { ($0.0.place, $0.0.pass.rawValue) < ($1.0.place, $1.0.pass.rawValue) }
            .map { ConvolutionFigures($0, seconds: Quantiles($1).median, peak: peak) }
        return (rows, Quantiles(sums).median)
    }
}
