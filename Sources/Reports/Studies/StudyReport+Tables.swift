import Foundation

extension RecordedStudy {
    /// What decides the claims.
    var contrastTable: ReportTable {
        ReportTable(
            "Contrasts: errors of the first setting less those of the second, in points",
            columns: [
                .name("contrast"), .number("mean"), .number("95% t interval"), .number("seeds in favour"),
                .number("p, max-T"), .number("p, equivalence"), .name("claim"),
            ],
            rows: contrasts.map { contrast in
                [
                    ReportText(contrast.name), cell(contrast.mean), cell(contrast.interval95),
                    "\(contrast.seedsInFavour)/\(contrast.pairs.count)", cell(p: contrast.adjustedP),
                    cell(p: contrast.equivalenceP), ReportText(contrast.outcome?.rawValue ?? ""),
                ]
            })
    }

    /// What else there is to know of them.
    var figureTable: ReportTable {
        ReportTable(
            "Contrasts in other figures",
            columns: [
                .name("contrast"), .number("deviation"), .number("by subset means"), .number("p, t"),
                .number("p, sign flips"), .number("p, Holm"), .number("d_z (Hedges)"),
            ],
            rows: contrasts.map { contrast in
                [
                    ReportText(contrast.name), cell(contrast.deviation), cell(contrast.subsetInterval),
                    cell(p: contrast.tTestP), cell(p: contrast.signFlipP), cell(p: contrast.holmP),
                    cell(contrast.correctedEffectSize),
                ]
            })
    }

    /// Each setting over its seeds.
    var settingTable: ReportTable {
        ReportTable(
            "Settings: test error in percent over the seeds",
            columns: [
                .name("setting"), .number("seeds"), .number("mean"), .number("deviation"), .number("95% t interval"),
                .number("diverged"),
            ],
            rows: settings.map { setting in
                let estimate = setting.estimate { $0.result?.wrongTestPercent }
                let diverged = trials.count { $0.levels == setting.levels && $0.state == "diverged" }
                return [
                    ReportText(name(of: setting.levels)), "\(setting.trials.count)", cell(estimate?.mean),
                    cell(estimate?.deviation), cell(estimate?.interval), ReportText(diverged > 0 ? "\(diverged)" : ""),
                ]
            })
    }

    /// Each trial, with where it is.
    var trialTable: ReportTable {
        ReportTable(
            "Trials",
            columns: [
                .name("trial"), .name("state"), .number("wrong images"), .number("test images"), .number("error %"),
                .number("training loss"), .name("weights, SHA-256"),
            ],
            rows: trials.map { trial in
                let result = trial.result
                func count(_ score: String) -> ReportText {
                    ReportText(result?.scores[score].flatMap { Int(exactly: $0) }.map { "\($0)" } ?? "")
                }
                return [
                    .link(trial.label, path: trial.folder + "/"),
                    ReportText(trial.state + (trial.reason.map { ": \($0)" } ?? "")), count("wrong_test_images"),
                    count("test_images"), cell(result?.wrongTestPercent),
                    ReportText(result.map { shown(loss: $0.trainLoss) } ?? ""),
                    result.map { .code(String($0.weightsSha256.prefix(12))) } ?? "",
                ]
            })
    }

    private func cell(_ points: Double?) -> ReportText {
        ReportText(points.flatMap { $0.isFinite ? shown(points: $0) : nil } ?? "")
    }

    private func cell(_ interval: ClosedRange<Double>?) -> ReportText {
        ReportText(interval.map { "\(shown(points: $0.lowerBound)) to \(shown(points: $0.upperBound))" } ?? "")
    }

    private func cell(p: Double?) -> ReportText { ReportText(p.map { shown(p: $0) } ?? "") }
}
