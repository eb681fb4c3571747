/// What a study of contrastive training shows: what the network learnt against what it was asked.
extension RecordedStudy {
    /// Nothing for studies of other tasks.
    var pretextBlocks: [ReportBlock] {
        let learnt = plot(
            "pretext-against-neighbours", "Pretext accuracy against kNN accuracy",
            x: ("kNN accuracy, %", "knn_accuracy_percent"), y: ("pretext accuracy, %", "pretext_accuracy_percent"),
            """
            How often a view's partner is the nearest among all views of the global batch, as in training, against how well \
            the features tell classes apart. What is higher without being further right was not learnt from the image.
            """)
        let leaked = plot(
            "pretext-against-probe", "Pretext accuracy against what tells the worker",
            x: ("workers told by the probe, %", "worker_probe_accuracy_percent"),
            y: ("pretext accuracy, %", "pretext_accuracy_percent"),
            "How well the nearest mean tells from an embedding which worker it was computed on.")
        return [learnt, leaked].compactMap { $0 }.map { .figure($0) }
    }

    private func plot(
        _ name: String, _ title: String, x: (title: String, score: String), y: (title: String, score: String),
        _ description: String
    ) -> Figure? {
        let series = settings.compactMap { setting -> LinePlot.Series? in
            guard let across = setting.estimate({ $0.result?.scores[x.score] }),
                let up = setting.estimate({ $0.result?.scores[y.score] })
            else { return nil }
            let marks = setting.trials.compactMap { trial -> LinePlot.Mark? in
                guard let x = trial.result?.scores[x.score], let y = trial.result?.scores[y.score] else { return nil }
                return LinePlot.Mark(x: x, y: y, label: "seed \(trial.seed)")
            }
            return LinePlot.Series(
                shortName(of: setting.levels), points: [LinePlot.Point(x: across.mean, y: up.mean)], marks: marks)
        }
        guard !series.isEmpty else { return nil }
        return Figure(
            name: name, title: title, description: "\(description) Large: the mean over seeds.",
            content: .lines(LinePlot(x: Axis(x.title), y: Axis(y.title), series: series)))
    }
}
