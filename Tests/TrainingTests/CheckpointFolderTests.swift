import Files
import Foundation
import Safetensors
import XCTest

@testable import Training

final class CheckpointFolderTests: TrainingTestCase {
    private lazy var url = FileManager.default.temporaryDirectory
        .appendingPathComponent("CheckpointFolderTests-\(UUID().uuidString)")
    private lazy var folder = CheckpointFolder(path: url.path)

    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(at: url)
        try super.tearDownWithError()
    }

    func testTheLastTwoAreKept() throws {
        XCTAssertTrue(folder.isEmpty)
        for step in [8, 9, 10, 1000] { try folder.write(checkpoint(step)) }
        XCTAssertEqual(try names(), ["checkpoint-0000000010.normtrain", "checkpoint-0000001000.normtrain"])
        XCTAssertEqual(try newest().step, 1000)
    }

    func testADamagedOneIsPassedOver() throws {
        for step in [9, 10] { try folder.write(checkpoint(step)) }
        let damaged = url.appendingPathComponent("checkpoint-0000000010.normtrain")
        try Data(contentsOf: damaged).dropLast().write(to: damaged)
        let (step, refused) = try newest()
        XCTAssertEqual(step, 9)
        XCTAssertEqual(refused, [.damaged(path: damaged.path)])
    }

    func testOneThatIsNoFileIsPassedOver() throws {
        try folder.write(checkpoint(9))
        let strange = url.appendingPathComponent("checkpoint-0000000010.normtrain")
        try FileManager.default.createDirectory(at: strange, withIntermediateDirectories: false)
        XCTAssertEqual(try newest().step, 9)
    }

    func testWhatAKilledProcessLeftHalfWrittenIsRemovedAndNeverRead() throws {
        let half = url.appendingPathComponent(".checkpoint-0000000010.normtrain.\(UUID().uuidString)")
        try Data("normtrain-checkpoint".utf8).write(to: half)
        XCTAssertTrue(folder.isEmpty)
        try folder.write(checkpoint(9))
        XCTAssertEqual(try names(), ["checkpoint-0000000009.normtrain"])
    }

    func testAllAreRemovedAndNothingElse() throws {
        for step in [9, 10] { try folder.write(checkpoint(step)) }
        try Data().write(to: url.appendingPathComponent("metrics.csv"))
        try folder.removeAll()
        XCTAssertEqual(try names(), ["metrics.csv"])
        XCTAssertThrowsError(try newest()) {
            XCTAssertEqual($0 as? CheckpointError, .noneWhole(folder: url.path, found: 0))
        }
    }

    func testAFolderThatCannotBeReadIsNotTakenForEmpty() throws {
        let file = url.appendingPathComponent("file")
        try Data().write(to: file)
        let strange = CheckpointFolder(path: file.path)
        XCTAssertFalse(strange.isEmpty)
        XCTAssertThrowsError(try strange.newest { _, _ in }) {
            XCTAssertEqual($0 as? FileError, FileError(path: file.path, attempt: .list, reason: "Not a directory"))
        }
        XCTAssertTrue(CheckpointFolder(path: "\(url.path)/missing").isEmpty)
    }

    private func newest() throws -> (step: Int, refused: [CheckpointError?]) {
        var refused: [CheckpointError?] = []
        let checkpoint = try folder.newest { error, _ in refused.append(error as? CheckpointError) }.checkpoint
        return (checkpoint.header.step, refused)
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

    private func checkpoint(_ step: Int) -> Checkpoint {
        Checkpoint(
            header: Checkpoint.Header(
                step: step, configuration: "", command: "train",
                conditions: .ofTests, lastEpochLossSum: 0,
                seconds: 0
            ),
            tensors: TensorFile())
    }
}
