import Foundation
import Settings
import XCTest

@testable import Studies

/// The studies that come with the program.
final class StudyLibraryTests: XCTestCase {
    private var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "configs/studies")
    }

    func testTheLibraryHasEveryFileOfTheFolderAndAsksAQuestionEach() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        XCTAssertEqual(Set(StudyLibrary.names + ["example"]), Set(files))
        for name in StudyLibrary.names {
            let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
            XCTAssertEqual(StudyLibrary.text(of: name), text, name)
            let design = try StudyFile(path: name, text: text).design()
            XCTAssertEqual(design.name, name)
            XCTAssertTrue(design.question.hasSuffix("?"), name)
        }
    }

    func testEveryTrialOfTheLibraryIsAConfigurationWithItsOwnIdentity() throws {
        for name in StudyLibrary.names + ["example"] {
            let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
            let design = try StudyFile(path: name, text: text).design()
            let trials = try design.trials().map {
                try Trial($0, axes: design.axes, ranks: 1, initialWeights: [:])
            }
            XCTAssertEqual(Set(trials.map(\.id)).count, trials.count, name)
        }
    }

    /// The digits, which step in for a default that nobody asked for, would be trained under the id of another data set.
    func testNoOtherDataSetStepsInForThatOfATrial() throws {
        let file = try StudyFile(path: "s", text: "base: {workers: 2}\naxes: {norm: {normalization.norm: [bn]}}\n")
        let design = try file.design()
        XCTAssertEqual(design.base.place(of: "dataset.name"), .builtIn)
        let trial = try Trial(design.trials()[0], axes: design.axes, ranks: 1, initialWeights: [:])
        XCTAssertNotEqual(trial.draft.place(of: "dataset.name"), .builtIn)
        XCTAssertEqual(trial.configuration.dataset.name, design.base.configuration.dataset.name)
    }

    func testATrialIsKnownByWhatDecidesItsResult() throws {
        func id(_ assignments: String...) throws -> String {
            let file = try StudyFile(path: "s", text: "base: {workers: 2}\naxes: {norm: {normalization.norm: [bn]}}\n")
            let design = try file.design(assignments: assignments)
            return try Trial(design.trials()[0], axes: design.axes, ranks: 1, initialWeights: [:]).id
        }
        // printf 'normtrain trial 1\nnormalization.norm: bn\ntraining.batch: 3\nworkers: 2' | sha256sum
        XCTAssertEqual(
            try id("training.batch=3"), "5800579ae528931ea825352d7ec714898f22b474452afe0b03fbdc7cec4be693")
        XCTAssertEqual(try id("dataset.directory=/elsewhere"), try id())
        XCTAssertEqual(try id("training.checkpointEvery=10"), try id())
        XCTAssertNotEqual(try id("training.batch=3"), try id())
        XCTAssertNotEqual(try id("workers=3"), try id())
    }
}
