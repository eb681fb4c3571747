import Foundation

extension RecordedComparison {
    /// What people read of a comparison.
    public var report: Report {
        let records = runs.map(\.run)
        let norms = records.map(\.norm).joined(separator: ", ")
        let time = TimeBars.training(of: records).map { [ReportBlock.figure($0)] } ?? []
        let training = StepCurves.loss(of: records).map { [ReportBlock.figure($0)] } ?? []
        let sections = [
            ReportSection("Results", resultBlocks),
            ReportSection("Error over epochs", curveBlocks),
            ReportSection("Training", training),
            ReportSection("Time", time),
            ReportSection("What each norm averages over", [.figure(.cubes)]),
            ReportSection("Settings", settings.isEmpty ? [] : [.table(settings.settingsTable)]),
        ]
        return Report(
            title: "\(norms) on \(dataset)", summary: summary, sections: sections.filter { !$0.blocks.isEmpty },
            provenance: provenance)
    }

    private var results: [RunResult] { runs.compactMap(\.run.result) }

    private var summary: [ReportText] {
        var sentences = [ending].compactMap { $0 }
        if let testImages, let verdict = Verdict(results, testImages: testImages) {
            sentences.append(verdict.description)
        } else if let best = results.min(by: { $0.testErrorPercent < $1.testErrorPercent }) {
            sentences.append(
                String(
                    format: "The lowest test error is %.2f%%, of %@; one seed is a direction, not a result.",
                    best.testErrorPercent, best.normalization))
        }
        return sentences.map { ReportText($0) }
    }

    private var resultBlocks: [ReportBlock] {
        let rows = runs.compactMap { variant in variant.run.result.map { cells(of: $0, variant) } }
        guard !rows.isEmpty else { return [] }
        let table = ReportTable(
            "What each norm came to",
            columns: [
                .name("norm"), .name("statistics over"), .number("training loss"), .number("test error %"),
                .number("in training mode"), .number("images/s"), .number("seconds"), .number("communication %"),
            ], rows: rows)
        let errors = BarPlot(
            x: Axis("test error %"), parts: ["test error"],
            rows: results.map { BarPlot.Row($0.normalization, values: [$0.testErrorPercent]) })
        let figure = Figure(
            name: "test-error-by-norm", title: "Test error by norm",
            description: "Wrongly classified test images in percent, after the last epoch; one seed.",
            content: .bars(errors))
        return [
            .table(table),
            .paragraph(
                """
                Each norm starts from the same weights and sees the same batches. In training mode: the error on the \
                images that are looked at on the way, with the statistics of batches as in training. Communication: \
                the share of the time in collectives, waiting for others included.
                """), .figure(figure),
        ]
    }

    private func cells(of result: RunResult, _ variant: Variant) -> [ReportText] {
        let trainingMode = EpochCurves(variant.run)?.lastInTrainingMode("error_percent")
        let path = variant.hasReport ? "\(variant.folder)/report.html" : "\(variant.folder)/"
        return [
            .link(result.normalization, path: path), ReportText(result.statistics),
            ReportText(shown(loss: result.trainLoss)), ReportText(String(format: "%.2f", result.testErrorPercent)),
            ReportText(trainingMode.map { String(format: "%.2f", $0) } ?? ""),
            ReportText(String(format: "%.0f", result.imagesPerSecond)),
            ReportText(String(format: "%.1f", result.seconds)),
            ReportText(String(format: "%.1f", 100 * result.communicationShare)),
        ]
    }

    /// A figure of each measure that the runs were evaluated by on the way, a line a norm.
    private var curveBlocks: [ReportBlock] {
        let curves = runs.compactMap { variant in EpochCurves(variant.run).map { (variant.run.norm, $0) } }
        guard let (_, first) = curves.first else { return [] }
        return first.measures.map { measure in
            let words = measureWords(measure)
            let series = curves.compactMap { norm, curves in
                curves.points(of: measure).map { LinePlot.Series(norm, points: $0) }
            }
            let last = series.compactMap(\.points.last?.x).max() ?? 0
            return .figure(
                Figure(
                    name: "\(measure.replacing("_", with: "-"))-over-epochs",
                    title: "\(first.part.prefix(1).uppercased() + first.part.dropFirst()) \(words) over epochs",
                    description:
                        "Of the \(first.part) images, with the statistics of evaluation, a line for each norm.",
                    content: .lines(
                        LinePlot(x: epochAxis(upTo: last), y: Axis("\(first.part) \(words)"), series: series))))
        }
    }
}

extension Figure {
    /// For those who meet the norms for the first time.
    static let cubes = Figure(
        name: "averaged-axes", title: "What each norm averages over",
        description: """
            A batch as a cube of images, channels and positions. Batch norm takes a mean and a variance for each channel \
            over all images and positions; layer norm for each image over channels and positions; instance norm for \
            each image and channel over positions; group norm for each image over the positions of a group of channels.
            """, content: .cubes)
}
