import Foundation

/// All that `normtrain bench` prints.
public struct StepReport: Codable, CustomStringConvertible, Sendable {
    let ranks: Int
    /// What oneDNN computed with.
    let instructionSet: String
    let dataset: String
    let peak: ProcessorPeak
    let rows: [StepFigures]

    /// - Parameters:
    ///   - instructionSet: what oneDNN computed with.
    ///   - dataset: whose shape the images had.
    public init(ranks: Int, instructionSet: String, dataset: String, peak: ProcessorPeak, rows: [StepFigures]) {
        self.ranks = ranks
        self.instructionSet = instructionSet
        self.dataset = dataset
        self.peak = peak
        self.rows = rows
    }

    /// Two tables of at most 100 columns, each with what its columns mean.
    public var description: String {
        let work = Set(rows.map { String(format: "%.1f MFLOP an image (%@)", $0.mflopPerImage, $0.model) }).sorted()
        let parts = [
            wrapped(
                "\(counted(ranks, "rank")), \(instructionSet), random images in the shape of \(dataset): "
                    + work.joined(separator: ", ")) + "\n\(peak)\(shared)",
            speeds.description,
            wrapped(
                "A step's time is that of its slowest rank: of the median step, and what a tenth of the steps stays "
                    + "below and above. GFLOP/s count the multiply-adds of direct convolutions and the dense layers "
                    + "alone: Winograd's algorithm (convolution fastest) takes fewer, and can be above the peak. / conv: "
                    + "the step's time over that of its convolutions by themselves."),
            resources.description,
            wrapped(
                "kB and messages are what a rank gives in a step to sums over the ranks. Peak MB: the most that the process held "
                    + "until this row was warm, on the rank with the most. New buffers: memory for activations and "
                    + "gradients that the measured steps asked the heap for."),
        ]
        return parts.joined(separator: "\n\n")
    }

    private var speeds: TextTable {
        TextTable(
            header: names + ["step ms", "10 %", "90 %", "images/s", "GFLOP/s", "peak %", "/ conv"],
            rows: rows.map { row in
                names(of: row) + [
                    shown(milliseconds: row.stepSeconds.median), shown(milliseconds: row.stepSeconds.tenth),
                    shown(milliseconds: row.stepSeconds.ninetieth), String(format: "%.0f", row.imagesPerSecond),
                    String(format: "%.0f", row.gflops),
                    String(format: "%.1f", 100 * row.shareOfPeak),
                    row.stepOverConvolutions.map { String(format: "%.2f", $0) } ?? "–",
                ]
            }, names: 1 + differing.count { !$0.isFigure })
    }

    private var resources: TextTable {
        TextTable(
            header: names + ["steps", "kB", "messages", "communication %", "peak MB", "new buffers"],
            rows: rows.map { row in
                names(of: row) + [
                    "\(row.steps)", String(format: "%.1f", row.bytesPerStep / 1e3),
                    String(format: "%.1f", row.messagesPerStep), String(format: "%.1f", 100 * row.communicationShare),
                    String(format: "%.0f", Double(row.peakMemoryBytes) / 1e6), "\(row.newBuffers)",
                ]
            }, names: 1 + differing.count { !$0.isFigure })
    }

    /// What has a column only where rows differ in it.
    private var choices: [Choice] {
        [
            Choice("model", \.model), Choice("optimiser", \.optimiser), Choice("reduction", \.reduction),
            Choice("convolution", \.convolution), Choice("workers", isFigure: true) { "\($0.workers)" },
            Choice("batch", isFigure: true) { "\($0.batch)" },
        ]
    }

    private struct Choice {
        let title: String
        let isFigure: Bool
        let value: (StepFigures) -> String

        init(_ title: String, isFigure: Bool = false, _ value: @escaping (StepFigures) -> String) {
            self.title = title
            self.isFigure = isFigure
            self.value = value
        }
    }

    private func values(of choice: (StepFigures) -> String) -> Set<String> { Set(rows.map(choice)) }

    private var differing: [Choice] {
        choices.filter { values(of: $0.value).count > 1 }
    }

    private var names: [String] { ["norm"] + differing.map(\.title) }

    private func names(of row: StepFigures) -> [String] {
        [row.norm] + differing.map { $0.value(row) }
    }

    /// What all rows have in common.
    private var shared: String {
        let common = choices.compactMap { choice in
            let values = values(of: choice.value)
            return values.count == 1 ? values.first.map { "\(choice.title) \($0)" } : nil
        }
        return common.isEmpty ? "" : "\n" + wrapped("the same in all rows: \(common.joined(separator: ", "))")
    }
}

/// How much arithmetic the ranks could do at most.
public struct ProcessorPeak: Codable, Equatable, Sendable, CustomStringConvertible {
    /// What came out fastest.
    public enum Source: String, Codable, Sendable {
        /// Chains of multiply-adds on vectors of 256 bits.
        case chains = "multiply-add chains"
        /// A matrix product of oneDNN that fits the cache: the faster one where wider vectors bring more.
        case matrixProduct = "oneDNN matrix product"
    }

    /// 10⁹ operations a second of a core, mean over the ranks.
    public let gflopsPerCore: Double
    /// 10⁹ operations a second of all cores that the ranks and their threads use; ranks that share a core share its peak.
    public let gflops: Double
    let source: Source

    /// A measured peak.
    public init(gflopsPerCore: Double, gflops: Double, source: Source) {
        self.gflopsPerCore = gflopsPerCore
        self.gflops = gflops
        self.source = source
    }

    /// One line.
    public var description: String {
        String(
            format: "measured peak: %.1f GFLOP/s a core, %.1f of all ranks (%@)", gflopsPerCore, gflops,
            source.rawValue)
    }
}

/// Milliseconds with three or four digits.
func shown(milliseconds seconds: Double) -> String {
    let milliseconds = 1e3 * seconds
    return String(format: milliseconds < 10 ? "%.3f" : milliseconds < 1000 ? "%.1f" : "%.0f", milliseconds)
}
