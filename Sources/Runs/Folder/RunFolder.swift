import Files
import Foundation
import Reports
import Settings
import Training

/// The folder that a run writes. Every file appears whole or not at all, and `result.json` last: with it, the others
/// are there and belong together.
package struct RunFolder {
    /// Its path.
    package let path: String

    /// The folder at a path.
    package init(path: String) {
        self.path = path
    }

    /// A folder named after the command and the moment.
    package static func defaultPath(command: String, now: Date = Date()) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        return "runs/\(command)-\(formatter.string(from: now))"
    }

    package var configurationPath: String { "\(path)/config.yaml" }
    var metricsPath: String { "\(path)/metrics.csv" }
    var weightsPath: String { "\(path)/weights.safetensors" }
    package var resultPath: String { "\(path)/result.json" }
    var profilePath: String { "\(path)/profile.txt" }
    var tracePath: String { "\(path)/trace.json" }

    /// A run's folder inside this one.
    package func subfolder(_ name: String) -> RunFolder { RunFolder(path: "\(path)/\(name)") }

    /// Writes all that a run leaves behind.
    func write(_ configuration: Configuration, metrics: String, _ state: NetworkState, _ result: RunResult) throws {
        try removeResult()
        // Before the configuration: one without metrics is that of a comparison.
        try AtomicFile.write(Array(metrics.utf8), to: metricsPath)
        try write(configuration)
        try state.file.write(to: weightsPath)
        try write(result: result)
    }

    /// Writes where the time of a run went, before the rest of it; without a profile, that of an earlier run goes.
    func write(_ profile: Profiling.Files?) throws {
        try removeResult()
        guard let profile else {
            for file in [profilePath, tracePath] { try remove(file) }
            return
        }
        try AtomicFile.write(Array(profile.table.utf8), to: profilePath)
        try AtomicFile.write(Array(profile.trace.utf8), to: tracePath)
    }

    /// Writes the configuration of a comparison that is not finished, so that it can be resumed.
    package func begin(_ configuration: Configuration) throws {
        try removeResult()
        try write(configuration)
    }

    /// Writes what a comparison leaves behind, beside the folders of its runs.
    package func write(_ configuration: Configuration, _ result: ComparedRuns) throws {
        try removeResult()
        try write(configuration)
        try write(result: result)
    }

    /// The result of the run in this folder.
    package func result() throws -> RunResult {
        guard let bytes = try? RegularFile.bytes(of: resultPath) else { throw RunFolderError.noResult(path: path) }
        if let result = try? JSON.value(RunResult.self, of: bytes) { return result }
        let isComparison = (try? JSON.value(ComparedRuns.self, of: bytes)) != nil
        throw isComparison ? RunFolderError.comparison(path: path) : RunFolderError.noResult(path: path)
    }

    /// The steps of the finished run in this folder, by the rows of its `metrics.csv`.
    func steps() throws -> Int {
        guard let bytes = try? RegularFile.bytes(of: metricsPath) else {
            throw RunFolderError.noMetrics(path: metricsPath)
        }
        return max(0, bytes.count { $0 == UInt8(ascii: "\n") } - 1)
    }

    private func write(_ configuration: Configuration) throws {
        try AtomicFile.write(Array(configuration.yaml().utf8), to: configurationPath)
    }

    private func write(result: some Encodable) throws {
        try AtomicFile.write(Array((JSON.text(result) + "\n").utf8), to: resultPath)
    }

    /// The result of an earlier run must not stand beside new files.
    func removeResult() throws {
        try remove(resultPath)
    }

    /// Removes a file that may be missing.
    func remove(_ file: String) throws {
        guard unlink(file) == 0 || errno == ENOENT else {
            throw RunFolderError.unwritable(path: path, reason: systemReason)
        }
    }
}
