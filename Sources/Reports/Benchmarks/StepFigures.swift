/// What the steps of one training come to: a row of `normtrain bench`.
public struct StepFigures: Codable, Equatable, Sendable {
    /// What was trained, as on the command line.
    public struct Setting: Codable, Equatable, Sendable {
        /// The norm.
        public let norm: String
        /// The samples that share statistics.
        public let statistics: String
        /// The network.
        public let model: String
        /// What changes its weights.
        public let optimiser: String
        /// How sums are taken.
        public let reduction: String
        /// Which algorithms convolutions could take.
        public let convolution: String
        /// Logical devices.
        public let workers: Int
        /// Images per worker.
        public let batch: Int

        /// A row's setting.
        public init(
            norm: String, statistics: String, model: String, optimiser: String, reduction: String, convolution: String,
            workers: Int, batch: Int
        ) {
            self.norm = norm
            self.statistics = statistics
            self.model = model
            self.optimiser = optimiser
            self.reduction = reduction
            self.convolution = convolution
            self.workers = workers
            self.batch = batch
        }
    }

    /// What was measured, summed over the steps where it is not a time.
    public struct Measurements: Sendable {
        /// Seconds of a step on the rank that took longest in it, one a step.
        public var stepSeconds: [Double]
        /// Seconds that the convolutions of a step take by themselves, on the slowest rank; may be empty.
        public var convolutionSeconds: [Double]
        /// That a rank gave to collectives.
        public var bytes: Int
        /// Collectives.
        public var messages: Int
        /// Share of the time in collectives, waiting included, mean over the ranks.
        public var communicationShare: Double
        /// The most memory that a process had held when the row was warm.
        public var peakMemoryBytes: Int
        /// Buffers that the steps had to ask the heap for.
        public var newBuffers: Int

        /// All that is measured of a row.
        public init(
            stepSeconds: [Double], convolutionSeconds: [Double], bytes: Int, messages: Int, communicationShare: Double,
            peakMemoryBytes: Int, newBuffers: Int
        ) {
            self.stepSeconds = stepSeconds
            self.convolutionSeconds = convolutionSeconds
            self.bytes = bytes
            self.messages = messages
            self.communicationShare = communicationShare
            self.peakMemoryBytes = peakMemoryBytes
            self.newBuffers = newBuffers
        }
    }

    let norm: String
    let statistics: String
    let model: String
    let optimiser: String
    let reduction: String
    let convolution: String
    let workers: Int
    let batch: Int
    /// Steps that were measured.
    let steps: Int
    let stepSeconds: Quantiles
    /// Images of all workers a second, by the median step.
    let imagesPerSecond: Double
    /// 10⁶ operations of an image's forward and backward pass, as if all convolutions were direct.
    let mflopPerImage: Double
    /// 10⁹ such operations a second of all ranks.
    let gflops: Double
    let gflopsPerRank: Double
    /// Of what all ranks could do at most.
    let shareOfPeak: Double
    /// The median; nil where they were not measured.
    let convolutionSeconds: Double?
    /// The median step over the convolutions' seconds.
    let stepOverConvolutions: Double?
    let bytesPerStep: Double
    let messagesPerStep: Double
    let communicationShare: Double
    let peakMemoryBytes: Int
    let newBuffers: Int

    /// - Parameters:
    ///   - flopsPerImage: operations of an image's forward and backward pass.
    ///   - peak: of all ranks.
    public init(
        _ setting: Setting, _ measured: Measurements, ranks: Int, flopsPerImage: Int, peak: ProcessorPeak
    ) {
        norm = setting.norm
        statistics = setting.statistics
        model = setting.model
        optimiser = setting.optimiser
        reduction = setting.reduction
        convolution = setting.convolution
        workers = setting.workers
        batch = setting.batch
        steps = measured.stepSeconds.count
        stepSeconds = Quantiles(measured.stepSeconds)
        imagesPerSecond = Double(workers * batch) / stepSeconds.median
        mflopPerImage = Double(flopsPerImage) / 1e6
        gflops = imagesPerSecond * Double(flopsPerImage) / 1e9
        gflopsPerRank = gflops / Double(ranks)
        shareOfPeak = gflops / peak.gflops
        convolutionSeconds = measured.convolutionSeconds.isEmpty ? nil : Quantiles(measured.convolutionSeconds).median
        stepOverConvolutions = convolutionSeconds.map { [stepSeconds] in stepSeconds.median / $0 }
        bytesPerStep = Double(measured.bytes) / Double(steps)
        messagesPerStep = Double(measured.messages) / Double(steps)
        communicationShare = measured.communicationShare
        peakMemoryBytes = measured.peakMemoryBytes
        newBuffers = measured.newBuffers
    }
}
