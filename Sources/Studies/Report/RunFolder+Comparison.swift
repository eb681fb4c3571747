import Files
import Foundation
import Reports
import Runs
import Settings

extension RunFolder {
    /// What the comparison in this folder has left so far, from its files alone.
    ///
    /// - Throws: `RunFolderError`; `FileError`.
    func comparisonRecord() throws -> RecordedComparison {
        let configuration = try RegularFile.bytes(of: configurationPath)
        let settings = try? ConfigurationDraft(bytes: configuration, file: configurationPath).configuration
        let (description, compared) = (try description(), try comparedRuns())
        let norms = compared?.runs.map(\.normalization) ?? settings?.compare.norms ?? []
        let runs = try norms.map(subfolder).filter(\.hasConfiguration).map { folder in
            let name = URL(fileURLWithPath: folder.path).lastPathComponent
            return RecordedComparison.Variant(
                folder: name, hasReport: RegularFile.exists(folder.reportPath), run: try folder.record())
        }
        let first = compared?.runs.first
        return RecordedComparison(
            dataset: first?.dataset ?? settings?.dataset.name ?? "a data set", runs: runs,
            testImages: compared?.testImages, ending: compared == nil ? description?.ending : nil,
            settings: settings?.facts(of: .compare) ?? [],
            provenance: Provenance(
                command: description?.command, configuration: String(decoding: configuration, as: UTF8.self),
                facts: provenanceFacts(description, seed: first?.seed ?? settings?.seed, first?.instructionSet),
                repetition: repetition(of: "compare", ranks: first?.ranks ?? description?.ranks ?? 1)))
    }

    /// Whether the folder holds a comparison; one of an earlier version does not say so in `run.json`.
    func isComparison() throws -> Bool {
        if let kind = try description()?.kind { return kind == .compare }
        return try comparedRuns() != nil
    }
}
