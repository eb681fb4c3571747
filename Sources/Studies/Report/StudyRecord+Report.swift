import Files
import Reports
import Runs
import Settings

extension StudyRecord {
    /// What the study has left in its folder until now.
    ///
    /// - Throws: `FileError`; `StatisticsError`; `MissingScore`.
    func recorded() throws -> RecordedStudy {
        let configuration = try RegularFile.bytes(of: folder.designPath)
        let first = try trials.first { $0.result != nil }.map { try folder.folder(of: $0.trial).description() } ?? nil
        return RecordedStudy(
            name: design.name, question: design.question,
            axes: design.axes.map {
                RecordedStudy.VariedAxis(name: $0.name, title: $0.title, levels: $0.levels.map(\.label))
            },
            seeds: design.seeds, contrasts: try contrasts(), trials: try trials.map(recorded),
            provenance: Provenance(
                command: first?.command, configuration: String(decoding: configuration, as: UTF8.self),
                facts: [Provenance.Fact("seeds", design.seeds.map(String.init).joined(separator: ", "))]
                    + RunFolder(path: folder.path).provenanceFacts(first, seed: nil, nil),
                repetition: """
                    normtrain study study.yaml --out again
                    normtrain study verify .
                    normtrain report .
                    """))
    }

    private func recorded(
        _ trial: Trial, _ state: TrialState, _ result: RunResult?
    ) throws -> RecordedStudy.Trial {
        let run = folder.folder(of: trial)
        var recorded = RecordedStudy.Trial(
            label: trial.label, levels: trial.levels, seed: trial.seed, state: state.word,
            folder: "trials/\(trial.folderName)")
        switch state {
        case .failed(let reason), .diverged(let reason): recorded.reason = reason
        default: break
        }
        recorded.result = result
        if result != nil { (recorded.epochs, recorded.distances) = try run.tables() }
        return recorded
    }
}
