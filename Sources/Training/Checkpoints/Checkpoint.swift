import Files
import Foundation
import Safetensors

/// Everything that a run needs to go on as if it had never stopped, on any number of ranks.
///
/// The file begins with a line that holds the SHA-256 of all that follows: a line of JSON, the header, and a
/// safetensors file. A byte that flips anywhere is noticed.
public struct Checkpoint {
    /// Where the run is.
    public struct Header: Codable, Equatable, Sendable {
        /// The version of the file's format.
        public var format = Checkpoint.format
        /// Steps that are done.
        public let step: Int
        /// The resolved configuration of the run, YAML.
        public let configuration: String
        /// `train`, or the command that the run is part of.
        public let command: String
        /// What the steps were computed with, and on.
        public let conditions: Conditions
        /// Σ loss · images over the steps of the last epoch that are done, as bits, because JSON rounds.
        public let lastEpochLossBits: UInt64
        /// Seconds of training so far.
        public let seconds: Double

        /// A header of this version.
        public init(
            step: Int, configuration: String, command: String, conditions: Conditions, lastEpochLossSum: Double,
            seconds: Double
        ) {
            self.step = step
            self.configuration = configuration
            self.command = command
            self.conditions = conditions
            lastEpochLossBits = lastEpochLossSum.bitPattern
            self.seconds = seconds
        }

        /// Σ loss · images over the steps of the last epoch that are done.
        public var lastEpochLossSum: Double { Double(bitPattern: lastEpochLossBits) }
    }

    static let format = 3
    private static let magic = "normtrain-checkpoint "
    private static let digestLength = 64

    /// Where the run is.
    public let header: Header
    /// What `Trainer.checkpoint` stores: parameters, state of every worker, what optimisers keep, rows of tables.
    public let tensors: TensorFile

    /// A checkpoint of a run.
    public init(header: Header, tensors: TensorFile) {
        self.header = header
        self.tensors = tensors
    }

    /// The bytes of the file.
    public func serialized() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try Array(encoder.encode(header)) + [newline] + tensors.serialized()
        return Array((Self.magic + Digest.hexadecimal(of: body) + "\n").utf8) + body
    }

    /// Reads the bytes of a file, and believes nothing in them before their checksum is right.
    ///
    /// - Parameter path: what errors call it.
    /// - Throws: `CheckpointError` or `SafetensorsError`, naming the file.
    public init(bytes: [UInt8], path: String) throws {
        let magic = Array(Self.magic.utf8)
        let bodyStart = magic.count + Self.digestLength + 1
        guard bytes.count > bodyStart, bytes.starts(with: magic), bytes[bodyStart - 1] == newline else {
            throw CheckpointError.notACheckpoint(path: path)
        }
        let body = bytes[bodyStart...]
        let written = bytes[magic.count..<bodyStart - 1]
        guard written.elementsEqual(Digest.hexadecimal(of: body).utf8) else {
            throw CheckpointError.damaged(path: path)
        }
        let headerEnd = body.firstIndex(of: newline) ?? body.endIndex
        let text = Data(body[..<headerEnd])
        // The other fields may be others in another format.
        guard let version = try? JSONDecoder().decode(Version.self, from: text) else {
            throw CheckpointError.notACheckpoint(path: path)
        }
        guard version.format == Self.format else {
            throw CheckpointError.otherFormat(path: path, format: version.format)
        }
        guard headerEnd < body.endIndex, let header = try? JSONDecoder().decode(Header.self, from: text),
            header.step >= 0
        else { throw CheckpointError.notACheckpoint(path: path) }
        self.header = header
        tensors = try TensorFile(bytes: Array(body[(headerEnd + 1)...]), path: path)
    }
}

/// What a header of any format has.
private struct Version: Decodable {
    let format: Int
}

private let newline = UInt8(ascii: "\n")

/// Why a checkpoint can't be used.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
    /// It does not begin as a checkpoint does.
    case notACheckpoint(path: String)
    /// Its checksum does not fit its content.
    case damaged(path: String)
    /// Another version wrote it.
    case otherFormat(path: String, format: Int)
    /// There is none that is whole.
    case noneWhole(folder: String, found: Int)

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .notACheckpoint(let path):
            "\(path): this is no checkpoint of normtrain."
        case .damaged(let path):
            "\(path): the checkpoint is damaged (its checksum does not fit its content)."
        case .otherFormat(let path, let format):
            "\(path): the checkpoint has format \(format), but this normtrain reads format \(Checkpoint.format)."
        case .noneWhole(let folder, 0):
            "\(folder): there is no checkpoint to resume from; start the run anew, with --checkpoint-every."
        case .noneWhole(let folder, let found):
            "\(folder): none of the \(found) checkpoints is whole; start the run anew."
        }
    }
}
