import Files
import Foundation
import Reports
import Settings

extension RunFolder {
    /// What the run in this folder has left so far, from its files alone.
    ///
    /// Files that an older run did not write, or an unfinished one has not written yet, are simply missing in it.
    ///
    /// - Throws: `RunFolderError.noRun` when no run has begun here; an error of the file that is there and can't be read.
    package func record() throws -> RecordedRun {
        guard hasConfiguration else { throw RunFolderError.noRun(path: path) }
        let configuration = try RegularFile.bytes(of: configurationPath)
        let text = String(decoding: configuration, as: UTF8.self)
        // That of another version may have other keys; its text is shown all the same.
        let settings = try? ConfigurationDraft(bytes: configuration, file: configurationPath).configuration
        let (description, result) = (try description(), try isFinished() ? result() : nil)
        var run = RecordedRun(
            norm: result?.normalization ?? settings?.normalization.norm ?? "a norm",
            dataset: result?.dataset ?? settings?.dataset.name ?? "a data set",
            provenance: Provenance(
                command: description?.command, configuration: text,
                facts: provenanceFacts(description, seed: result?.seed ?? settings?.seed, result?.instructionSet),
                repetition: repetition(of: "train", ranks: result?.ranks ?? description?.ranks ?? 1)))
        run.result = result
        run.ending = result == nil ? description?.ending : nil
        run.settings = settings?.facts(of: .train) ?? []
        run.steps = try table(metricsPath)
        (run.epochs, run.distances) = try tables()
        run.profiles = try ifPresent(profilesPath) { try JSON.value([RankProfile].self, of: $0) } ?? []
        return run
    }

    /// What `epochs.csv` and `telemetry.csv` hold; nil where there is no such file.
    package func tables() throws -> (epochs: RecordTable?, distances: RecordTable?) {
        (try table(epochsPath), try table(telemetryPath))
    }

    private func table(_ file: String) throws -> RecordTable? { try ifPresent(file) { RecordTable(csv: $0) } }

    private func ifPresent<Value>(_ file: String, _ read: ([UInt8]) throws -> Value) throws -> Value? {
        guard RegularFile.exists(file) else { return nil }
        do {
            return try read(RegularFile.bytes(of: file))
        } catch is DecodingError {
            throw RunFolderError.damaged(path: file)
        }
    }

    /// What else decided a run, or a comparison.
    package func provenanceFacts(
        _ description: RunDescription?, seed: Int?, _ instructionSet: String?
    ) -> [Provenance.Fact] {
        var facts: [Provenance.Fact] = []
        func add(_ name: String, _ value: String?) {
            if let value { facts.append(Provenance.Fact(name, value)) }
        }
        add("seed", seed.map { "\($0)" })
        add("started", description?.started)
        let conditions = description?.conditions
        add("version", description?.version.map { "normtrain \($0)" })
        add("build", conditions?.build)
        add("machine", description?.machine?.words)
        add("ranks", description.map { "\($0.ranks)" })
        add("instruction set", conditions?.arithmetic.instructionSet ?? instructionSet)
        add("caches", conditions?.caches)
        add("images", conditions.map { "SHA-256 \($0.images)" })
        return facts
    }

    /// Commands that do it again from inside of the folder.
    package func repetition(of name: String, ranks: Int) -> String {
        """
        \(command("\(name) --config config.yaml --out again", ranks: ranks))
        normtrain report .
        """
    }
}

extension Configuration {
    /// The keys that options of a command stand for, and their values.
    package func facts(of command: Command) -> [Provenance.Fact] {
        optionValues(of: command).map { Provenance.Fact($0.key, $0.value) }
    }
}

extension RunDescription {
    /// The program and its arguments as they can be typed, on as many ranks.
    package var command: String {
        Reports.command(commandLine.dropFirst().map(shellArgument).joined(separator: " "), ranks: ranks)
    }

    /// What became of a run that has no result, as a sentence; nil for one that has.
    package var ending: String? {
        let reason = reason.map { " \($0)" } ?? ""
        return switch status {
        case .running: "This run has not ended, or was ended from outside."
        case .interrupted: "This run was interrupted and can be resumed.\(reason)"
        case .diverged: "This run diverged.\(reason)"
        case .failed: "This run failed.\(reason)"
        case .finished: nil
        }
    }
}
