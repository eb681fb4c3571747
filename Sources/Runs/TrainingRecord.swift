import Files
import MPI
import Training

/// What a training has come to so far.
struct TrainingRecord {
    /// The rows of `metrics.csv`, one for each step.
    private(set) var metrics: String
    /// Steps that are done.
    private(set) var steps: Int
    /// Σ loss · images over the steps of the last epoch.
    private(set) var lastEpochLossSum: Double
    /// Seconds of training, earlier parts of a resumed run included.
    private(set) var seconds: Double
    /// Training images a second in this part of the run, without its first step: oneDNN makes its kernels in the first
    /// step of a process, which would count against the first variant of a comparison.
    private(set) var imagesPerSecond = 0.0
    /// Share of the time in collectives, mean over the ranks.
    var communicationShare = 0.0

    /// `metrics.csv`, on the first rank.
    private var file: AppendedFile?
    private var start = 0.0
    private var afterFirstStep: Double?
    private var images = 0

    /// - Parameter checkpoint: where the run goes on; nil at its beginning.
    init(_ checkpoint: Checkpoint?) {
        metrics = checkpoint?.metrics ?? "step,loss,rate,seconds\n"
        steps = checkpoint?.header.step ?? 0
        lastEpochLossSum = checkpoint?.header.lastEpochLossSum ?? 0
        seconds = checkpoint?.header.seconds ?? 0
    }

    /// From now on each row is written as it comes, behind those of the steps that are done.
    mutating func write(to path: String) throws {
        file = try AppendedFile(path, beginningWith: metrics)
    }

    /// The clock starts.
    mutating func begin() {
        start = MPIEnvironment.wallSeconds
    }

    /// A step is done.
    ///
    /// - Throws: `FileError` when its row can't be written now; it is then written with a later one.
    mutating func add(_ report: CompletedStep, isLastEpoch: Bool) throws {
        let row = "\(report.step),\(report.loss),\(report.rate),\(report.seconds)\n"
        steps = report.step
        metrics += row
        if isLastEpoch { lastEpochLossSum += report.loss * Double(report.images) }
        if afterFirstStep == nil {
            afterFirstStep = MPIEnvironment.wallSeconds
        } else {
            images += report.images
        }
        try file?.append(row)
    }

    /// Writes the rows that could not be written before.
    func flush() throws { try file?.flush() }

    /// Seconds until now, earlier parts included.
    var secondsSoFar: Double { seconds + MPIEnvironment.wallSeconds - start }

    /// The clock stops.
    ///
    /// - Returns: the seconds of this part.
    mutating func end() -> Double {
        let now = MPIEnvironment.wallSeconds
        if images > 0, let afterFirstStep { imagesPerSecond = Double(images) / (now - afterFirstStep) }
        seconds += now - start
        return now - start
    }
}
