import Foundation

extension RecordedRun {
    /// What people read of a run.
    public var report: Report {
        let curves = EpochCurves(self)
        let training = [StepCurves.loss(of: self), StepCurves.rate(of: self)].compactMap { $0 }
        let sections = [
            ReportSection("Result", resultBlocks),
            ReportSection("Training", training.map { .figure($0) }),
            ReportSection("Training and test curves", (curves?.figures ?? []).map { .figure($0) }),
            ReportSection(
                "The workers' statistics and the global ones", DistanceCurves(distances)?.blocks ?? []),
            ReportSection("Where the time went", timeBlocks),
            ReportSection("Settings", settings.isEmpty ? [] : [.table(settings.settingsTable)]),
        ]
        return Report(
            title: "\(norm) on \(dataset)", summary: [ReportText(summary)],
            sections: sections.filter { !$0.blocks.isEmpty }, provenance: provenance)
    }

    /// What came out, in a sentence or two.
    private var summary: String {
        guard let result else { return ending ?? "This run has no result." }
        let setting =
            "\(counted(result.workers, "worker")) of \(counted(result.batch, "image")) each, "
            + counted(result.epochs, "epoch")
        let outcome =
            result.scores["test_error_percent"].map {
                String(format: "errs on %.2f%% of the test images", $0)
            } ?? "came to a training loss of \(shown(loss: result.trainLoss))"
        return "\(norm) \(outcome) (\(setting)). Training took \(seconds(result.seconds)) on "
            + "\(counted(result.ranks, "rank"))\(speed(of: result))."
    }

    /// Of a single step there is none.
    private func speed(of result: RunResult) -> String {
        result.imagesPerSecond > 0 ? String(format: ": %.0f images a second", result.imagesPerSecond) : ""
    }

    private var resultBlocks: [ReportBlock] {
        guard let result else { return [] }
        var rows: [(String, String)] = result.scores.sorted { $0.key < $1.key }.map { name, value in
            (measureWords(name), name.hasSuffix("_percent") ? String(format: "%.2f", value) : shown(loss: value))
        }
        if let curves = EpochCurves(self), let error = curves.lastInTrainingMode("error_percent") {
            rows.append(("\(curves.part) error %, training mode", String(format: "%.2f", error)))
        }
        rows += [
            ("training loss, last epoch", shown(loss: result.trainLoss)),
            ("statistics over", result.statistics),
            ("training time", seconds(result.seconds)),
            ("images a second", String(format: "%.0f", result.imagesPerSecond)),
            ("share of time in collectives %", String(format: "%.1f", 100 * result.communicationShare)),
            ("SHA-256 of the weights", result.weightsSha256),
        ]
        return [
            .table(
                ReportTable(
                    "What the run came to", columns: [.name("measure"), .name("value")],
                    rows: rows.map { [ReportText($0.0), ReportText($0.1)] }))
        ]
    }

    private var timeBlocks: [ReportBlock] {
        guard let figure = TimeBars.profile(of: self) else { return [] }
        let table = ProfileTable(title: norm, profiles: profiles)
        return [.figure(figure), .fold("Every layer, with bytes and messages", [.code(table.description)])]
    }

    private func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
}

extension [Provenance.Fact] {
    /// Keys and their values.
    var settingsTable: ReportTable {
        ReportTable(
            "Keys of the configuration that have options", columns: [.name("key"), .name("value")],
            rows: map { [.code($0.name), ReportText($0.value)] })
    }
}
