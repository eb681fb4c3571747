import Foundation
import Safetensors
import Training

/// The folder that a run writes; every file appears whole or not at all.
struct RunFolder {
    /// Its path.
    let path: String

    /// Makes the folder where it is missing, and tries whether it can be written.
    init(creating path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunFolderError.cannotCreate(path: path, reason: reason(of: error))
        }
    }

    /// An existing folder.
    init(existing path: String) {
        self.path = path
    }

    /// A folder named after the command and the moment.
    static func defaultPath(command: String, now: Date = Date()) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        return "runs/\(command)-\(formatter.string(from: now))"
    }

    /// A run's folder inside this one.
    func subfolder(_ name: String) throws -> RunFolder { try RunFolder(creating: "\(path)/\(name)") }

    var configurationPath: String { "\(path)/config.yaml" }
    var weightsPath: String { "\(path)/weights.safetensors" }
    var resultPath: String { "\(path)/result.json" }

    func write(_ configuration: Configuration) throws {
        try AtomicFile.write(Array(configuration.yaml().utf8), to: configurationPath)
    }

    func write(_ metrics: Metrics) throws {
        try AtomicFile.write(Array(metrics.text.utf8), to: "\(path)/metrics.csv")
    }

    func write(_ state: NetworkState) throws {
        try state.file.write(to: weightsPath)
    }

    func write(_ result: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(Array(encoder.encode(result)) + [UInt8(ascii: "\n")], to: resultPath)
    }

    /// The result of the run in this folder.
    func result() throws -> RunResult {
        do {
            return try JSONDecoder().decode(RunResult.self, from: Data(contentsOf: URL(fileURLWithPath: resultPath)))
        } catch {
            throw RunFolderError.noResult(path: path)
        }
    }
}

/// What can be wrong with a run folder.
enum RunFolderError: Error, Equatable, CustomStringConvertible {
    case cannotCreate(path: String, reason: String)
    case noResult(path: String)
    case comparison(path: String)

    var description: String {
        switch self {
        case .cannotCreate(let path, let reason):
            "\(path): the run folder can't be made (\(reason)); name another one with --out."
        case .noResult(let path):
            "\(path): this is no folder of a finished run, which holds config.yaml, weights.safetensors and result.json."
        case .comparison(let path):
            "\(path): this is the folder of a comparison; name one of its runs, for example \(path)/syncbn."
        }
    }
}

/// The system's words for why a file operation failed.
private func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return underlying.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(Int32(underlying.code))) : underlying.localizedDescription
}
