import MPI
import Training

/// What a training has come to so far.
struct TrainingRecord {
    /// `metrics.csv`: a row for each step.
    private(set) var metrics: RunTable
    /// `epochs.csv`: a row for each epoch after which the task was evaluated; nil before the first.
    private(set) var epochs: RunTable?
    /// `telemetry.csv`: a row for each layer in each recorded step; nil where nobody asked.
    private(set) var telemetry: RunTable?
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

    /// Where `epochs.csv` goes, on the first rank.
    private let epochsPath: String?
    private let stepsPerEpoch: Int
    private var start = 0.0
    private var afterFirstStep: Double?
    private var images = 0

    /// - Parameters:
    ///   - checkpoint: where the run goes on; nil at its beginning.
    ///   - folder: where rows are written as they come, behind those of the steps that are done; nil on all ranks but the
    ///     first.
    ///   - stepsPerEpoch: of the task.
    ///   - hasTelemetry: whether a run at its beginning has `telemetry.csv`; one that goes on has it if it had.
    init(_ checkpoint: Checkpoint?, in folder: RunFolder?, stepsPerEpoch: Int, hasTelemetry: Bool) {
        self.stepsPerEpoch = stepsPerEpoch
        let recorded = checkpoint == nil && hasTelemetry ? LayerDistances.header : checkpoint?.telemetry
        telemetry = recorded.map { RunTable($0, path: folder?.telemetryPath) }
        metrics = RunTable(checkpoint?.metrics ?? "step,loss,rate,seconds\n", path: folder?.metricsPath)
        epochs = checkpoint?.epochs.map { RunTable($0, path: folder?.epochsPath) }
        epochsPath = folder?.epochsPath
        steps = checkpoint?.header.step ?? 0
        lastEpochLossSum = checkpoint?.header.lastEpochLossSum ?? 0
        seconds = checkpoint?.header.seconds ?? 0
    }

    /// The clock starts.
    mutating func begin() {
        start = MPIEnvironment.wallSeconds
    }

    /// A step is done.
    ///
    /// - Throws: `FileError` when its row can't be written now; it is then written with a later one.
    mutating func add(_ report: CompletedStep, isLastEpoch: Bool) throws {
        steps = report.step
        if isLastEpoch { lastEpochLossSum += report.loss * Double(report.images) }
        if afterFirstStep == nil {
            afterFirstStep = MPIEnvironment.wallSeconds
        } else {
            images += report.images
        }
        try metrics.append("\(report.step),\(report.loss),\(report.rate),\(report.seconds)")
        guard !report.distances.isEmpty else { return }
        let epoch = (report.step - 1) / stepsPerEpoch + 1
        try telemetry?.append(
            report.distances.map { $0.row(step: report.step, epoch: epoch) }.joined(separator: "\n"))
    }

    /// An epoch is done, counted from 1, and the task was evaluated for so many seconds, which don't count as training.
    ///
    /// - Throws: `FileError` when the row can't be written now; it is then written with a later one.
    mutating func add(_ row: EpochRow, ofEpoch epoch: Int, evaluationSeconds: Double) throws {
        start += evaluationSeconds
        afterFirstStep = afterFirstStep.map { $0 + evaluationSeconds }
        var table =
            epochs ?? RunTable((["epoch"] + row.columns).joined(separator: ",") + "\n", path: epochsPath)
        defer { epochs = table }
        try table.append((["\(epoch)"] + row.values).joined(separator: ","))
    }

    /// Writes the rows that could not be written before.
    mutating func flush() throws {
        try metrics.flush()
        try epochs?.flush()
        try telemetry?.flush()
    }

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
