import Files
import Safetensors
import XCTest

@testable import Training

/// Files that a run resumes from.
final class CheckpointFuzzTests: FuzzTestCase {
    private enum Refusal: Error, CustomStringConvertible {
        case checkpoint(CheckpointError)
        case tensors(SafetensorsError)

        var description: String {
            switch self {
            case .checkpoint(let error): error.description
            case .tensors(let error): error.description
            }
        }
    }

    private static let prefix = Array("normtrain-checkpoint ".utf8)
    private static var bodyStart: Int { prefix.count + 64 + 1 }

    func testEveryChangeOfACheckpointIsRefused() throws {
        let corpus = try Self.corpus()
        try fuzz(
            "checkpoint", inputs: 10_000, corpus: corpus, tokens: SafetensorsFuzzTests.tokens, bytesPerByte: 32,
            refusal: Refusal.self
        ) { bytes in
            try Self.read(bytes)
            XCTAssertTrue(corpus.contains(bytes), "a changed file is taken for a whole one")
        }
    }

    /// Breaks what the checksum covers, and makes the checksum right again.
    func testBrokenCheckpointsWithTheRightChecksumAreRefused() throws {
        try fuzz(
            "checkpoint-resealed", inputs: 10_000, corpus: try Self.corpus().map { Array($0[Self.bodyStart...]) },
            tokens: SafetensorsFuzzTests.tokens + ["\n", "\"step\"", "\"format\""], bytesPerByte: 256,
            refusal: Refusal.self
        ) { body in
            let digest = Digest.hexadecimal(of: body)
            try Self.read(Self.prefix + Array((digest + "\n").utf8) + body)
        }
    }

    private static func read(_ bytes: [UInt8]) throws {
        do {
            let checkpoint = try Checkpoint(bytes: bytes, path: "broken.normtrain")
            XCTAssertGreaterThanOrEqual(checkpoint.header.step, 0)
            SafetensorsFuzzTests.check(checkpoint.tensors, fits: bytes.count)
            XCTAssertLessThanOrEqual(checkpoint.metrics?.utf8.count ?? 0, 3 * bytes.count)
        } catch let error as CheckpointError {
            throw Refusal.checkpoint(error)
        } catch let error as SafetensorsError {
            throw Refusal.tensors(error)
        }
    }

    private static func corpus() throws -> [[UInt8]] {
        var tensors = TensorFile(metadata: ["version": "1"])
        tensors["dense.weight"] = StoredTensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3])
        tensors["metrics"] = StoredTensor(Array("step,loss\n1,0.5\n".utf8), shape: [16])
        return try [0, 12].map { step in
            let header = Checkpoint.Header(
                step: step, configuration: "training:\n  batch: 2\n", command: "train",
                conditions: .ofTests,
                lastEpochLossSum: 1.5, seconds: 3)
            return try Checkpoint(header: header, tensors: tensors).serialized()
        }
    }
}

extension Conditions {
    /// Some that no process has.
    static let ofTests = Conditions(
        arithmetic: Arithmetic(instructionSet: "AVX2", oneDNN: "2.6.3", environment: []),
        caches: "32, 1024 and 32768 KiB", program: "ab", images: "cd")
}
