import Files
import Foundation
import MPI
import Safetensors
import Workers
import XCTest

@testable import Training

final class CheckpointTests: TrainingTestCase {
    private let header = Checkpoint.Header(
        step: 7, configuration: "seed: 1\n# é\n", command: "train",
        conditions: .ofTests, lastEpochLossSum: 0.1 + 0.2,
        seconds: 1.5)

    /// A few hundred bytes.
    private func small() throws -> Checkpoint {
        var tensors = TensorFile()
        tensors["weight"] = StoredTensor([-0.0, .leastNonzeroMagnitude, Float(nan: 77, signaling: false)], shape: [3])
        tensors["counts"] = StoredTensor([1, -2] as [Int64], shape: [2])
        tensors[Checkpoint.metricsPath] = StoredTensor(Array("step\n1\n".utf8), shape: [7])
        return Checkpoint(header: header, tensors: tensors)
    }

    func testTheBytesHoldEverything() throws {
        let read = try Checkpoint(bytes: small().serialized(), path: "checkpoint")
        XCTAssertEqual(read.header, header)
        XCTAssertEqual(read.header.lastEpochLossSum.bitPattern, (0.1 + 0.2).bitPattern)
        XCTAssertEqual(
            try read.tensors.floats(named: "weight").map(\.bitPattern), [0x8000_0000, 1, 0x7FC0_004D] as [UInt32])
        XCTAssertEqual(try read.tensors.integers(named: "counts", shape: [2]), [1, -2])
        XCTAssertEqual(read.metrics, "step\n1\n")
        XCTAssertEqual(try read.serialized(), try small().serialized())
    }

    func testEveryFlippedBitIsNoticed() throws {
        let bytes = try small().serialized()
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                XCTAssertThrowsError(try Checkpoint(bytes: damaged, path: "checkpoint"), "bit \(bit) of \(position)") {
                    XCTAssertTrue($0 is CheckpointError, "\($0)")
                    XCTAssertTrue("\($0)".hasPrefix("checkpoint: th"), "\($0)")
                }
            }
        }
    }

    func testEveryLengthButTheRightOneIsNoticed() throws {
        let bytes = try small().serialized()
        for length in bytes.indices {
            XCTAssertThrowsError(try Checkpoint(bytes: Array(bytes.prefix(length)), path: "checkpoint"), "\(length)") {
                XCTAssertTrue($0 is CheckpointError, "\($0)")
            }
        }
        XCTAssertThrowsError(try Checkpoint(bytes: bytes + [0], path: "checkpoint"))
    }

    /// A header of format 1 has other fields.
    func testACheckpointOfAnOlderProgramIsToldFromAFileThatIsNone() throws {
        let bytes = try Checkpoint(header: header, tensors: small().tensors).serialized()
        let text = String(decoding: bytes.prefix { $0 < 0x80 }, as: UTF8.self)
        let start = try XCTUnwrap(text.firstIndex(of: "{")).utf16Offset(in: text)
        let end = try XCTUnwrap(bytes[start...].firstIndex(of: UInt8(ascii: "\n")))
        let body = Array(#"{"format": 1, "instructionSet": "AVX2", "step": 3}"#.utf8) + Array(bytes[end...])
        let magic = Array(bytes[..<(start - Digest.hexadecimal(of: []).count - 1)])
        let old: [UInt8] = magic + Array(Digest.hexadecimal(of: body).utf8) + [UInt8(ascii: "\n")] + body
        XCTAssertThrowsError(try Checkpoint(bytes: old, path: "checkpoint")) {
            XCTAssertEqual($0 as? CheckpointError, .otherFormat(path: "checkpoint", format: 1))
        }
    }

    func testAnotherFormatIsRefused() throws {
        XCTAssertEqual(header.format, 3)
        for format in [2, 4] {
            var other = header
            other.format = format
            let bytes = try Checkpoint(header: other, tensors: small().tensors).serialized()
            XCTAssertThrowsError(try Checkpoint(bytes: bytes, path: "checkpoint")) {
                XCTAssertEqual($0 as? CheckpointError, .otherFormat(path: "checkpoint", format: format))
            }
        }
    }

    func testARunGoesOnWithTheSameBitsOnAnotherNumberOfRanks() throws {
        let cumulative = NormChoice.batch(.workers(2)) { $0.momentum = .cumulative }
        for normalization in [NormChoice.batch(.worker), .batch(.world), cumulative, .layer] {
            let setting = Setting(normalization: normalization)
            let whole = try setting.run(on: alone)
            let expected = Array(try whole.train(steps: 0..<9).suffix(5))
            for (first, second) in [(alone!, world!), (world!, alone!), (world!, world!)] {
                let begun = try setting.run(on: first)
                _ = try begun.train(steps: 0..<4)
                let checkpoint = try stored(begun.checkpoint(header))
                let goingOn = try setting.run(on: second)
                try goingOn.trainer.restore(checkpoint)
                XCTAssertEqual(try goingOn.train(steps: 4..<9).map(\.bitPattern), expected.map(\.bitPattern))
                let end = try goingOn.checkpoint(header).serialized()
                let wholeEnd = try whole.checkpoint(header).serialized()
                XCTAssertEqual(end, wholeEnd, "\(normalization)")
            }
        }
    }

    /// So that the test above can fail: all that is kept is needed.
    func testARunThatForgetsItsVelocitiesItsBatchCountsOrItsUnitsGoesOnDifferently() throws {
        let setting = Setting(normalization: .batch(.worker) { $0.momentum = .cumulative })
        let begun = try setting.run(on: world)
        _ = try begun.train(steps: 0..<4)
        let checkpoint = try begun.checkpoint(header)
        _ = try begun.train(steps: 4..<6)
        let expected = try begun.checkpoint(header).serialized()
        // −1000 says that there is no unit yet.
        for (suffix, forgotten) in [(".velocity", 0), (".batchCounts", 0), ("/units", -1000)] {
            var tensors = checkpoint.tensors
            for name in tensors.names where name.hasSuffix(suffix) {
                let shape = tensors[name]?.shape ?? []
                let count = shape.reduce(1, *)
                tensors[name] =
                    suffix == ".velocity"
                    ? StoredTensor(Array(repeating: Float(forgotten), count: count), shape: shape)
                    : StoredTensor(Array(repeating: Int64(forgotten), count: count), shape: shape)
            }
            let goingOn = try setting.run(on: world)
            try goingOn.trainer.restore(Checkpoint(header: header, tensors: tensors))
            _ = try goingOn.train(steps: 4..<6)
            XCTAssertNotEqual(try goingOn.checkpoint(header).serialized(), expected, suffix)
        }
    }

    func testACheckpointOfAnotherNetworkIsRefusedAndChangesNothing() throws {
        let other = try Setting(normalization: .batch(.worker)).run(on: world)
        _ = try other.train(steps: 0..<1)
        let checkpoint = try other.checkpoint(header)
        for normalization in [NormChoice.batch(.world), .group, .none] {
            let run = try Setting(normalization: normalization).run(on: world)
            let before = try run.checkpoint(header).serialized()
            for error in try errorsOfAllRanks({ try run.trainer.restore(checkpoint) }) {
                XCTAssertNotEqual(error, "nothing thrown", "\(normalization)")
            }
            XCTAssertEqual(try run.checkpoint(header).serialized(), before)
        }
    }

    /// As it is after a way through a file.
    private func stored(_ checkpoint: Checkpoint) throws -> Checkpoint {
        try Checkpoint(bytes: checkpoint.serialized(), path: "checkpoint")
    }
}
