import Foundation

/// All that `normtrain bench kernels` prints.
public struct KernelReport: Codable, CustomStringConvertible, Sendable {
    let ranks: Int
    /// What oneDNN computed with.
    let instructionSet: String
    let batch: Int
    let rounds: Int
    let peak: ProcessorPeak
    let convolutions: [ConvolutionFigures]
    /// Of a training step of one worker.
    let convolutionSeconds: Double
    let kernels: [KernelFigures]
    let allreduces: [AllreduceFigures]

    /// - Parameters:
    ///   - instructionSet: what oneDNN computed with.
    ///   - batch: images of a worker.
    ///   - rounds: how often each was measured.
    ///   - convolutionSeconds: of all convolutions of a training step of one worker.
    public init(
        ranks: Int, instructionSet: String, batch: Int, rounds: Int, peak: ProcessorPeak,
        convolutions: [ConvolutionFigures], convolutionSeconds: Double, kernels: [KernelFigures],
        allreduces: [AllreduceFigures]
    ) {
        self.ranks = ranks
        self.instructionSet = instructionSet
        self.batch = batch
        self.rounds = rounds
        self.peak = peak
        self.convolutions = convolutions
        self.convolutionSeconds = convolutionSeconds
        self.kernels = kernels
        self.allreduces = allreduces
    }

    /// Three tables of at most 100 columns with what their units need.
    public var description: String {
        let parts = [
            """
            \(counted(ranks, "rank")), \(instructionSet), batch \(batch), medians of \(counted(rounds, "round")) on the \
            slowest rank
            \(peak)
            """,
            convolutionTable.description,
            wrapped(
                "All convolutions of a step: \(shown(milliseconds: convolutionSeconds)) ms for a worker's batch of "
                    + "\(batch). GFLOP/s count the multiply-adds of direct sums: Winograd's algorithm takes fewer, and can "
                    + "be above the peak."),
            kernelTable.description,
            wrapped(
                "GB/s count the bytes that a kernel must read and write, and memcpy's those that it reads and writes. "
                    + "The share is that of memcpy's, or of a plain read's where a kernel only reads."),
            allreduceTable?.description ?? "One rank has nobody to send to: no all-reduce was measured.",
        ]
        return parts.joined(separator: "\n\n")
    }

    private var convolutionTable: TextTable {
        TextTable(
            header: ["convolution", "pass", "algorithm", "images × pixels × channels", "ms", "GFLOP/s", "peak %"],
            rows: convolutions.map { row in
                [
                    row.layer, row.pass, row.algorithm, row.shape,
                    shown(milliseconds: row.seconds),
                    String(format: "%.1f", row.gflops), String(format: "%.1f", 100 * row.shareOfPeak),
                ]
            }, names: 4)
    }

    private var kernelTable: TextTable {
        TextTable(
            header: ["kernel", "shape", "data in", "µs", "GB/s", "memcpy", "read", "share %"],
            rows: kernels.map { row in
                [
                    row.kernel, row.shape, row.place.rawValue, shown(microseconds: row.seconds),
                    String(format: "%.1f", row.gbPerSecond), String(format: "%.1f", row.copyGbPerSecond),
                    String(format: "%.1f", row.readGbPerSecond), String(format: "%.0f", 100 * row.share),
                ]
            }, names: 3)
    }

    private var allreduceTable: TextTable? {
        if allreduces.isEmpty { return nil }
        return TextTable(
            header: ["integers", "bytes", "normtrain µs", "MPI_Allreduce µs", "ratio"],
            rows: allreduces.map { row in
                [
                    "\(row.elements)", "\(row.bytes)", shown(microseconds: row.seconds),
                    shown(microseconds: row.bareSeconds), String(format: "%.2f", row.ratio),
                ]
            }, names: 0)
    }
}

private func shown(microseconds seconds: Double) -> String { String(format: "%.1f", 1e6 * seconds) }
