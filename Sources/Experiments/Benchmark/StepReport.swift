import Foundation

/// All that `normtrain bench` prints.
struct StepReport: Codable, CustomStringConvertible {
    let ranks: Int
    /// What oneDNN computed with.
    let instructionSet: String
    let dataset: String
    let flopsPerImage: Int
    let peak: ProcessorPeak
    let rows: [StepFigures]

    enum CodingKeys: String, CodingKey {
        case ranks, dataset, peak, rows
        case instructionSet = "instruction_set"
        case flopsPerImage = "flops_per_image"
    }

    /// Two tables of at most 100 columns, each with what its columns mean.
    var description: String {
        let parts = [
            """
            \(counted(ranks, "rank")), \(instructionSet), random images in the shape of \(dataset): \
            \(String(format: "%.1f", Double(flopsPerImage) / 1e6)) MFLOP an image
            \(peak)
            """,
            speeds.description,
            wrapped(
                "A step's time is that of its slowest rank: of the median step, and what a tenth of the steps stays "
                    + "below and above. GFLOP/s count the multiply-adds of direct convolutions and the dense layer "
                    + "alone: Winograd's algorithm (conv: fastest) takes fewer, and can be above the peak. / conv: "
                    + "the step's time over that of its convolutions by themselves."),
            resources.description,
            wrapped(
                "kB and messages are what a rank gives to sums over the ranks. Peak MB: the most that the process held "
                    + "until this row was warm, on the rank with the most. New buffers: memory for activations and "
                    + "gradients that the measured steps asked the heap for."),
        ]
        return parts.joined(separator: "\n\n")
    }

    private var speeds: TextTable {
        TextTable(
            header: names + ["conv", "step ms", "10 %", "90 %", "images/s", "GFLOP/s", "peak %", "/ conv"],
            rows: rows.map { row in
                names(of: row) + [
                    row.convolution, shown(milliseconds: row.stepSeconds.median),
                    shown(milliseconds: row.stepSeconds.tenth),
                    shown(milliseconds: row.stepSeconds.ninetieth), String(format: "%.0f", row.imagesPerSecond),
                    String(format: "%.0f", row.gigaflops),
                    String(format: "%.1f", 100 * row.shareOfPeak),
                    row.stepOverConvolutions.map { String(format: "%.2f", $0) } ?? "–",
                ]
            }, names: 2)
    }

    private var resources: TextTable {
        TextTable(
            header: names + [
                "steps", "kB/step", "messages/step", "communication %", "peak MB", "new buffers",
            ],
            rows: rows.map { row in
                names(of: row) + [
                    "\(row.steps)", String(format: "%.1f", row.bytesPerStep / 1e3),
                    String(format: "%.1f", row.messagesPerStep), String(format: "%.1f", 100 * row.communicationShare),
                    String(format: "%.0f", Double(row.peakMemoryBytes) / 1e6), "\(row.newBuffers)",
                ]
            }, names: 2)
    }

    private var names: [String] { ["norm", "sums", "workers", "batch"] }

    private func names(of row: StepFigures) -> [String] {
        [row.norm, row.reduction, "\(row.workers)", "\(row.batch)"]
    }
}

extension ProcessorPeak: CustomStringConvertible {
    var description: String {
        String(
            format: "measured peak: %.1f GFLOP/s a core, %.1f of all ranks (%@)", gigaflopsPerCore, gigaflops,
            source.rawValue)
    }
}

/// Milliseconds with three or four digits.
func shown(milliseconds seconds: Double) -> String {
    let milliseconds = 1e3 * seconds
    return String(format: milliseconds < 10 ? "%.3f" : milliseconds < 1000 ? "%.1f" : "%.0f", milliseconds)
}
