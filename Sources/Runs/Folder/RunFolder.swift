import Files
import Foundation
import Reports
import Settings
import TensorBoard
import Training

/// The folder that a run writes. `run.json` is there first and says what it holds; `metrics.csv`, `epochs.csv` and
/// `telemetry.csv` grow while the run goes on, and so does an event file for TensorBoard, of which every start has its own;
/// every other file appears whole or not at all, and `result.json` last: with it, the others are there and belong together.
/// The report is made of them afterwards.
package struct RunFolder {
    /// Its path.
    package let path: String

    /// The folder at a path.
    package init(path: String) {
        self.path = path
    }

    package var configurationPath: String { "\(path)/config.yaml" }
    var metricsPath: String { "\(path)/metrics.csv" }
    var epochsPath: String { "\(path)/epochs.csv" }
    var telemetryPath: String { "\(path)/telemetry.csv" }
    var weightsPath: String { "\(path)/weights.safetensors" }
    package var resultPath: String { "\(path)/result.json" }
    var profilePath: String { "\(path)/profile.txt" }
    var profilesPath: String { "\(path)/profile.json" }
    var tracePath: String { "\(path)/trace.json" }
    package var reportPath: String { "\(path)/report.html" }
    var markdownReportPath: String { "\(path)/report.md" }

    /// All that a run may leave here but checkpoints and event files.
    var files: [String] {
        [
            descriptionPath, configurationPath, metricsPath, epochsPath, telemetryPath, weightsPath, resultPath,
            profilePath, profilesPath, tracePath, reportPath, markdownReportPath,
        ]
    }

    /// A run's folder inside this one.
    package func subfolder(_ name: String) -> RunFolder { RunFolder(path: "\(path)/\(name)") }

    /// Whether a run has begun here.
    package var hasConfiguration: Bool { RegularFile.exists(configurationPath) }

    /// The run's checkpoints.
    package var checkpoints: CheckpointFolder { CheckpointFolder(path: path) }

    /// Writes the resolved configuration.
    func write(_ configuration: Configuration) throws {
        try AtomicFile.write(Array(configuration.withAbsolutePaths().yaml().utf8), to: configurationPath)
    }

    /// Writes the trained weights, and says by which digest they are known: from now on they can be used, whatever
    /// becomes of the rest.
    func write(_ weights: NetworkState, steps: Int) throws {
        try weights.file.write(to: weightsPath)
        try update {
            $0.weightsSha256 = weights.digest
            $0.steps = steps
        }
    }

    /// Writes where the time of a run went.
    func write(_ profile: Profiling.Files) throws {
        try AtomicFile.write(Array(profile.table.utf8), to: profilePath)
        try AtomicFile.write(Array(profile.ranks.utf8), to: profilesPath)
        try AtomicFile.write(Array(profile.trace.utf8), to: tracePath)
    }

    /// Writes what the run came to, the last of all.
    package func finish(_ result: some Encodable) throws {
        try update { $0.status = .finished }
        try write(json: result, to: resultPath)
    }

    /// The result of the run in this folder.
    package func result() throws -> RunResult {
        guard try isFinished() else { throw RunFolderError.noResult(path: path) }
        do {
            return try value(RunResult.self, of: resultPath, format: RunResult.currentFormat)
        } catch is DecodingError {
            throw try comparedRuns() != nil
                ? RunFolderError.comparison(path: path) : RunFolderError.noResult(path: path)
        }
    }

    /// The results of the comparison in this folder; nil when there is none, or it has not ended.
    package func comparedRuns() throws -> ComparedRuns? {
        guard try isFinished() else { return nil }
        do {
            return try value(ComparedRuns.self, of: resultPath, format: RunResult.currentFormat)
        } catch is DecodingError {
            return nil
        }
    }

    /// The steps of the weights in this folder: as it says itself or, where it does not, by the rows of `metrics.csv`.
    func steps() throws -> Int {
        if let steps = try description()?.steps { return steps }
        guard let bytes = try? RegularFile.bytes(of: metricsPath) else {
            throw RunFolderError.noMetrics(path: metricsPath)
        }
        return max(0, bytes.count { $0 == UInt8(ascii: "\n") } - 1)
    }

    /// The last rows of `metrics.csv` under its header; none where there is no such file.
    package func lastMetrics(rows: Int) throws -> [String] {
        guard RegularFile.exists(metricsPath) else { return [] }
        let lines = try String(decoding: RegularFile.bytes(of: metricsPath), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        return lines.prefix(1) + lines.dropFirst().suffix(rows)
    }

    /// Takes away what an earlier run has left, but for `run.json`.
    func forgetEarlierRun() throws {
        try removeResult()
        try checkpoints.removeAll()
        for file in files where file != descriptionPath { try remove(file) }
        for name in try EventFile.names(in: path) { try remove("\(path)/\(name)") }
        removeHalfWritten()
    }

    /// The result of an earlier run must not stand beside new files.
    func removeResult() throws {
        try remove(resultPath)
    }

    /// What a process has left that was killed while it wrote.
    private func removeHalfWritten() {
        let names = files.map { ".\(URL(fileURLWithPath: $0).lastPathComponent)." } + [EventFile.halfWrittenPrefix]
        for name in (try? Folder.names(in: path)) ?? [] where names.contains(where: name.hasPrefix) {
            unlink("\(path)/\(name)")
        }
    }

    /// Removes a file that may be missing.
    private func remove(_ file: String) throws {
        guard unlink(file) == 0 || errno == ENOENT else {
            throw RunFolderError.unwritable(path: path, reason: systemReason)
        }
    }

    func write(json value: some Encodable, to file: String) throws {
        try AtomicFile.write(Array((JSON.text(value) + "\n").utf8), to: file)
    }

    /// What a file of JSON holds, once its format is known to be the right one.
    func value<Value: Decodable>(_ type: Value.Type, of file: String, format: Int) throws -> Value {
        let bytes = try RegularFile.bytes(of: file)
        let found = try JSON.value(Version.self, of: bytes).format ?? 1
        guard found == format else { throw RunFolderError.otherFormat(path: file, found: found, wanted: format) }
        return try JSON.value(type, of: bytes)
    }
}

/// What a file of any format may have: the first had none.
private struct Version: Decodable {
    let format: Int?
}
