import Foundation

extension RecordedStudy {
    /// What people read of a study.
    public var report: Report {
        let sections = [
            ReportSection("Contrasts", contrastBlocks),
            ReportSection("Results", errorFigures + [.table(settingTable)]),
            ReportSection("What was learnt", pretextBlocks),
            ReportSection("Training mode and evaluation", modeFigures),
            ReportSection("Error over epochs", epochBlocks),
            ReportSection("Why: the workers' own statistics", distanceBlocks),
            ReportSection("Time", timeBlocks),
            ReportSection("Trials", [.fold("All \(counted(trials.count, "trial"))", [.table(trialTable)])]),
            ReportSection("What each norm averages over", [.figure(.cubes)]),
        ]
        return Report(
            title: "Study \(name)", summary: summary, sections: sections.filter { !$0.blocks.isEmpty },
            provenance: provenance)
    }

    private var summary: [ReportText] {
        let finished = trials.count { $0.result != nil }
        let (all, over) = (counted(trials.count, "trial"), counted(seeds.count, "seed"))
        let count =
            finished == trials.count
            ? "\(all) over \(over), all finished." : "\(finished) of \(all) over \(over) have finished."
        let claims = contrasts.compactMap(\.outcome)
        let outcomes = [Claim.Outcome.held, .contradicted, .undecided].compactMap { outcome in
            let number = claims.count { $0 == outcome }
            return number > 0 ? "\(number) \(outcome.rawValue)" : nil
        }
        let fate = claims.isEmpty ? "" : " Of \(counted(claims.count, "claim")): \(outcomes.joined(separator: ", "))."
        return (question.isEmpty ? [] : [ReportText(question)]) + [ReportText(count + fate)]
    }

    private var contrastBlocks: [ReportBlock] {
        guard !contrasts.isEmpty else { return [] }
        let rows = contrasts.compactMap { contrast in
            contrast.mean.map { mean in
                IntervalPlot.Row(
                    contrast.name, mean: mean, interval: contrast.interval95, margin: contrast.claim?.margin,
                    marks: contrast.pairs.map { pair in
                        LinePlot.Mark(
                            x: 100 * Double(pair.difference) / Double(contrast.testImages), y: 0,
                            label: "seed \(pair.seed)")
                    })
            }
        }
        let figure = Figure(
            name: "contrasts", title: "Paired differences",
            description: """
                Errors of the first setting less those of the second, a point a seed, with the mean and its 95% paired t \
                interval. Shaded: the margin within which a difference counts as none.
                """, content: .intervals(IntervalPlot(x: Axis("difference, points"), rows: rows)))
        let tested = contrasts.count { $0.claim?.statement != .identical }
        let method = """
            95% intervals are Student's, of paired differences. p-values are exact: signs flipped over all patterns, on \
            counts of wrong answers, and step-down max-|t| over all contrasts, with signs flipped jointly. Equivalence: two \
            one-sided t tests within the margin. \(Reach(seeds: seeds.count, contrasts: tested).sentence)
            """
        return (rows.isEmpty ? [] : [.figure(figure)]) + [.table(contrastTable)]
            + contrasts.map { .paragraph(ReportText($0.sentence)) }
            + [.paragraph(ReportText(method)), .fold("All that was computed of each contrast", [.table(figureTable)])]
    }

    private var errorFigures: [ReportBlock] {
        figure(
            "test-error", "Test error", measure: "test error %",
            "Mean over seeds with its 95% t interval, and a point for every seed."
        ) { $0.result?.wrongTestPercent }
    }

    private var modeFigures: [ReportBlock] {
        figure(
            "evaluation-less-training-mode", "How much more evaluation errs than training mode",
            measure: "evaluation − training mode, points",
            """
            The error on the same images after the last epoch with the statistics of evaluation, less that with the \
            statistics of batches as in training.
            """
        ) { trial in
            guard let evaluated = trial.epochs?.numbers("error_percent")?.last,
                let trained = trial.epochs?.numbers("training_mode_error_percent")?.last
            else { return nil }
            return evaluated - trained
        }
    }

    /// Seconds are those of the ranks that each trial had, on the machine that had them.
    private var timeBlocks: [ReportBlock] {
        figure(
            "seconds-of-training", "Seconds of training", measure: "seconds", isEstimate: false,
            "Without loading and evaluation, on the ranks that each trial had; mean over seeds."
        ) { $0.result?.seconds }
    }

    /// A figure of the trials, laid out along the axis of numbers if there is one, or with the settings one below the other.
    ///
    /// - Parameters:
    ///   - isEstimate: whether seeds are a sample, so that there is an interval.
    ///   - value: of a trial; nil where it has none.
    /// - Returns: nothing when no trial has a value.
    func figure(
        _ name: String, _ title: String, measure: String, isEstimate: Bool = true, _ description: String,
        value: (RecordedStudy.Trial) -> Double?
    ) -> [ReportBlock] {
        if let curves = StudyCurves(self) {
            let figure = curves.figure(
                name, title, measure: measure, isEstimate: isEstimate, description, value: value)
            return figure.map { [.figure($0)] } ?? []
        }
        let rows = settings.compactMap { setting in
            setting.estimate(value).map { estimate in
                IntervalPlot.Row(
                    self.name(of: setting.levels), mean: estimate.mean, interval: isEstimate ? estimate.interval : nil,
                    marks: estimate.values.map { LinePlot.Mark(x: $0.value, y: 0, label: "seed \($0.seed)") })
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            .figure(
                Figure(
                    name: name, title: title, description: description,
                    content: .intervals(IntervalPlot(x: Axis(measure), rows: rows))))
        ]
    }
}
