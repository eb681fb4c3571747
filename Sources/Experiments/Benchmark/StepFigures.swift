import MPI

/// What the steps of one training come to: a row of `normtrain bench`.
struct StepFigures: Codable, Equatable {
    let norm: String
    /// The samples that share statistics.
    let statistics: String
    let reduction: String
    /// Which algorithms convolutions could take.
    let convolution: String
    let workers: Int
    /// Images per worker.
    let batch: Int
    /// Steps that were measured.
    let steps: Int
    /// Seconds of a step on the rank that took longest in it.
    let stepSeconds: Quantiles
    /// Images of all workers a second, by the median step.
    let imagesPerSecond: Double
    /// 10⁹ operations a second of all ranks, counted as `NetworkWork` does: as if all convolutions were direct.
    let gigaflops: Double
    let gigaflopsPerRank: Double
    /// Of what all ranks could do at most.
    let shareOfPeak: Double
    /// Seconds that the convolutions of a step take by themselves, on the slowest rank; the median.
    let convolutionSeconds: Double?
    /// The median step over the convolutions' seconds.
    let stepOverConvolutions: Double?
    /// That a rank gives to collectives in a step.
    let bytesPerStep: Double
    let messagesPerStep: Double
    /// Share of the time in collectives, waiting included, mean over the ranks.
    let communicationShare: Double
    /// The most memory that the process had held when this row was warm, on the rank with the most; rows above it
    /// count.
    let peakMemoryBytes: Int
    /// Buffers that the measured steps had to ask the heap for.
    let newBuffers: Int

    init(
        _ plan: RunPlan, ranks: Int, flopsPerImage: Int, peak: ProcessorPeak, stepSeconds: Quantiles, steps: Int,
        convolutionSeconds: Double?, bytes: Int, messages: Int, communicationShare: Double, peakMemoryBytes: Int,
        newBuffers: Int
    ) {
        norm = plan.norm.rawValue
        statistics = plan.statistics
        reduction = plan.configuration.training.reduction.rawValue
        convolution = plan.configuration.model.convolution.rawValue
        workers = plan.workers
        batch = plan.configuration.training.batch
        self.steps = steps
        self.stepSeconds = stepSeconds
        imagesPerSecond = Double(workers * batch) / stepSeconds.median
        gigaflops = imagesPerSecond * Double(flopsPerImage) / 1e9
        gigaflopsPerRank = gigaflops / Double(ranks)
        shareOfPeak = gigaflops / peak.gigaflops
        self.convolutionSeconds = convolutionSeconds
        stepOverConvolutions = convolutionSeconds.map { stepSeconds.median / $0 }
        bytesPerStep = Double(bytes) / Double(steps)
        messagesPerStep = Double(messages) / Double(steps)
        self.communicationShare = communicationShare
        self.peakMemoryBytes = peakMemoryBytes
        self.newBuffers = newBuffers
    }

    enum CodingKeys: String, CodingKey {
        case norm, statistics, reduction, convolution, workers, batch, steps
        case stepSeconds = "step_seconds"
        case imagesPerSecond = "images_per_second"
        case gigaflops = "gflops"
        case gigaflopsPerRank = "gflops_per_rank"
        case shareOfPeak = "share_of_peak"
        case convolutionSeconds = "convolution_seconds"
        case stepOverConvolutions = "step_over_convolutions"
        case bytesPerStep = "bytes_per_step"
        case messagesPerStep = "messages_per_step"
        case communicationShare = "communication_share"
        case peakMemoryBytes = "peak_memory_bytes"
        case newBuffers = "new_buffers"
    }
}
