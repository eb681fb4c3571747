import Foundation
import TestSupport
import XCTest

@testable import TensorBoard

/// Files that TensorBoard itself reads.
final class ReaderTests: FolderTestCase {
    /// A red pixel.
    private static let png = Data(
        base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")

    override func setUpWithError() throws {
        try super.setUpWithError()
        try Python.require("tensorboard", "numpy")
    }

    private func file(_ folder: String? = nil, goingOnAfter step: Int? = nil) -> EventFile {
        EventFile(in: folder ?? self.folder.path, goingOnAfter: step)
    }

    private func events() throws -> [ReadEvent] {
        let files = try ReadEvent.files(in: folder.path)
        XCTAssertEqual(files.count, 1)
        return try ReadEvent.events(of: files[0])
    }

    func testEveryEventIsRead() throws {
        let before = Date().timeIntervalSince1970
        let file = file()
        for step in 1...1000 {
            try file.add([.scalar("a", Double(step) / 3), .scalar("b", -Double(step))], step: step)
        }
        try file.flush()
        let events = try events()
        XCTAssertEqual(events.count, 2 + 1000)
        XCTAssertEqual(events[0].fileVersion, "brain.Event:2")
        XCTAssertEqual(events[0].values, [])
        XCTAssertEqual(events.prefix(3).map(\.isStart), [false, true, false])
        for (step, event) in zip(1..., events.dropFirst(2)) {
            XCTAssertEqual(event.step, step)
            XCTAssertTrue((before...before + 60).contains(event.wallTime))
            XCTAssertEqual(event.values.map(\.tag), ["a", "b"])
            XCTAssertEqual(event.values.map(\.doubles), [[Double(Float(step) / 3)], [-Double(step)]])
            XCTAssertEqual(event.values.map(\.plugin), ["scalars", "scalars"])
            XCTAssertEqual(event.values.map(\.dataClass), [1, 1])
            XCTAssertEqual(event.values.map(\.shape), [[], []])
        }
    }

    /// This is what makes the counts of these tests mean something.
    func testAFlippedBitEndsReading() throws {
        let file = file()
        for step in 1...10 { try file.add([.scalar("a", 0)], step: step) }
        try file.flush()
        let path = try XCTUnwrap(ReadEvent.files(in: folder.path).first)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        XCTAssertLessThan(try events().count, 2 + 10)
    }

    func testValuesThatAreNoNumbersAreRead() throws {
        let file = file()
        let values = [Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        for value in values { try file.add([.scalar("a", Double(value))], step: 0) }
        try file.flush()
        let read = try events().dropFirst(2).map { $0.values[0].doubles[0] }
        XCTAssertTrue(read[0].isNaN)
        XCTAssertEqual(read.dropFirst().map(\.bitPattern), values.dropFirst().map { Double($0).bitPattern })
    }

    func testTextsAndNamesOfAllKindsAreRead() throws {
        let hostile = ["", "100 % <b>&amp;\"'_*", "γ/σ²\n\n\tzweite Zeile", "a/../b", "#"]
        let file = file()
        for text in hostile { try file.add([.text(text, markdown: text)], step: 3) }
        try file.add([.text("lines", verbatim: "a: 1\n\n# b\n")], step: 3)
        try file.flush()
        let values = try events().dropFirst().flatMap(\.values)
        XCTAssertEqual(values.map(\.tag), hostile + ["lines"])
        XCTAssertEqual(values.map(\.texts), hostile.map { [$0] } + [["    a: 1\n    \n    # b\n    "]])
        XCTAssertEqual(Set(values.map(\.plugin)), ["text"])
        XCTAssertEqual(Set(values.map(\.dataClass)), [2])
    }

    func testImagesAreStringsOfTheirExtentsAndFiles() throws {
        let png = try XCTUnwrap(Self.png)
        let file = file()
        try file.add([.images("red", width: 1, height: 1, files: [Array(png), Array(png)])], step: 3)
        try file.flush()
        let value = try events()[2].values[0]
        XCTAssertEqual(value.strings, [Data("1".utf8), Data("1".utf8), png, png])
        XCTAssertEqual([value.dataClass] + value.shape, [3, 4])
        XCTAssertEqual(value.plugin, "images")
    }

    func testHistogramsAreBucketsByThreeNumbers() throws {
        let file = file()
        try file.add([.histogram("h", of: [0, 1, 1, 30])], step: 3)
        try file.flush()
        let value = try events()[2].values[0]
        XCTAssertEqual(value.shape, [30, 3])
        XCTAssertEqual([value.plugin, "\(value.dataClass)"], ["histograms", "2"])
        let counts: [Int: Double] = [0: 1, 1: 2, 29: 1]
        let expected = (0..<30).map { [Double($0), Double($0) + 1, counts[$0] ?? 0] }
        XCTAssertEqual(value.doubles, expected.flatMap { $0 })
    }

    func testSettingsAreReadWithTheirTypes() throws {
        let settings = [
            Hyperparameter("norm", written: "bn"), Hyperparameter("batch", written: "2"),
            Hyperparameter("rate", written: "1e-3"), Hyperparameter("affine", written: "true"),
            Hyperparameter("broken", written: "nan"), Hyperparameter("50 %_\"", .text("<&>")),
        ]
        XCTAssertEqual(
            settings.map(\.value), [.text("bn"), .number(2), .number(0.001), .flag(true), .text("nan"), .text("<&>")])
        let file = file()
        try file.add([.sessionStart(settings, group: "g", startSeconds: 17)], step: 0)
        try file.add(
            [.experiment(settings, metrics: ["score/a"]), .sessionEnd(succeeded: false, endSeconds: 18)], step: 1)
        try file.flush()
        let values = try events().dropFirst().flatMap(\.values)
        XCTAssertEqual(
            values.map(\.tag),
            ["_hparams_/session_start_info", "_hparams_/experiment", "_hparams_/session_end_info"])
        XCTAssertEqual(
            values.map(\.content),
            [
                #"{"sessionStartInfo": {"groupName": "g", "hparams": {"50 %_\"": "<&>", "affine": true, "batch": 2.0, "#
                    + #""broken": "nan", "norm": "bn", "rate": 0.001}, "startTimeSecs": 17.0}}"#,
                #"{"experiment": {"hparamInfos": [{"name": "norm", "type": "DATA_TYPE_STRING"}, "#
                    + #"{"name": "batch", "type": "DATA_TYPE_FLOAT64"}, {"name": "rate", "type": "DATA_TYPE_FLOAT64"}, "#
                    + #"{"name": "affine", "type": "DATA_TYPE_BOOL"}, {"name": "broken", "type": "DATA_TYPE_STRING"}, "#
                    + #"{"name": "50 %_\"", "type": "DATA_TYPE_STRING"}], "metricInfos": [{"name": {"tag": "score/a"}}]}}"#,
                #"{"sessionEndInfo": {"endTimeSecs": 18.0, "status": "STATUS_FAILURE"}}"#,
            ])
    }

    /// Whichever way the server reads files: of steps that two starts of a run have written, it shows the later ones.
    func testAServerShowsAllOfItAndNoStepTwice() throws {
        let png = Array(try XCTUnwrap(Self.png))
        for (run, score) in [("a", 1.5), ("b & c", 2.5)] {
            let path = folder.appending(path: run)
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
            let settings = [Hyperparameter("norm", .text(run)), Hyperparameter("batch", .number(4))]
            let first = file(path.path)
            try first.add(
                [.text("configuration", verbatim: "seed: 1"), .sessionStart(settings, startSeconds: 1)], step: 0)
            for step in 1...9 { try first.add([.scalar("step/loss", 9), .histogram("γ", of: [1, 2])], step: step) }
            try first.flush()
            let second = file(path.path, goingOnAfter: 4)
            for step in 5...8 { try second.add([.scalar("step/loss", 5), .histogram("γ", of: [1, 2])], step: step) }
            try second.add([.images("sheet", width: 1, height: 1, files: [png])], step: 8)
            try second.add([.scalar("score/error", score)], step: 8)
            try second.add(
                [.experiment(settings, metrics: ["score/error"]), .sessionEnd(succeeded: true, endSeconds: 2)], step: 8)
            try second.flush()
        }
        for loader in TensorBoardAnswers.Loader.allCases {
            let answers = try TensorBoardAnswers(folder.path, loader, onceThereIs: "score/error")
            let expected = [
                "scalars": ["score/error", "step/loss"], "histograms": ["γ"], "text": ["configuration"],
                "images": ["sheet"],
            ]
            XCTAssertEqual(answers.tags, expected.mapValues { ["a": $0, "b & c": $0] }, loader.rawValue)
            for run in ["a", "b & c"] {
                XCTAssertEqual(answers.steps[run]?["step/loss"], Array(1...8), "\(run) \(loader)")
            }
            XCTAssertEqual(answers.groups.compactMap { $0.hparams["norm"] }.count, 2)
            for group in answers.groups {
                let score = group.hparams["norm"] == .text("a") ? 1.5 : 2.5
                XCTAssertEqual(group.hparams["batch"], .number(4))
                XCTAssertEqual(group.metricValues?.map(\.name.tag), ["score/error"])
                XCTAssertEqual(group.metricValues?.map(\.value), [score])
                XCTAssertEqual(group.sessions.map(\.status), ["STATUS_SUCCESS"])
            }
        }
    }
}
