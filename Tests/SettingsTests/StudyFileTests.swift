import XCTest

@testable import Settings

/// What a study's file may say, and what becomes of it.
final class StudyFileTests: XCTestCase {
    private static let small = """
        name: small
        base: {workers: 4, training: {epochs: 3}}
        seeds: [5, 2]
        axes:
          norm:
            normalization.norm: [bn, gn]
          batch:
            training.batch: [2, 8]
            training.learningRate: [0.01, 0.04]
            labels: [little, much]
        contrasts:
          - first: {norm: bn}
            second: {norm: gn}
            at: {batch: little}
            claim: equivalent
            margin: 1.5
        """

    private func design(_ text: String) throws -> StudyDesign { try StudyFile(path: "s.yaml", text: text).design() }

    private func assertRefused(_ text: String, _ sentence: String, line: UInt = #line) {
        XCTAssertThrowsError(try design(text).trials(), line: line) { error in
            XCTAssertEqual("\(error)", sentence, line: line)
        }
    }

    func testEachCombinationIsTrainedWithEachSeedAndSeedsChangeSlowest() throws {
        let trials = try design(Self.small).trials()
        XCTAssertEqual(trials.map(\.seed), [5, 5, 5, 5, 2, 2, 2, 2])
        XCTAssertEqual(
            trials.prefix(4).map(\.levels), [["bn", "little"], ["bn", "much"], ["gn", "little"], ["gn", "much"]])
    }

    func testTheKeysOfAnAxisMoveTogetherOverTheBase() throws {
        let configurations = try design(Self.small).trials().map(\.draft.configuration)
        XCTAssertEqual(configurations.prefix(4).map(\.normalization.norm), ["bn", "bn", "gn", "gn"])
        XCTAssertEqual(configurations.prefix(4).map(\.training.batch), [2, 8, 2, 8])
        XCTAssertEqual(configurations.prefix(4).map(\.training.learningRate), [0.01, 0.04, 0.01, 0.04])
        XCTAssertEqual(configurations.map(\.seed), [5, 5, 5, 5, 2, 2, 2, 2])
        XCTAssertTrue(configurations.allSatisfy { $0.workers == 4 && $0.training.epochs == 3 })
    }

    func testAContrastNamesALevelOfEachAxis() throws {
        let contrast = try XCTUnwrap(try design(Self.small).contrasts.first)
        XCTAssertEqual(contrast.first, ["bn", "little"])
        XCTAssertEqual(contrast.second, ["gn", "little"])
        XCTAssertEqual(contrast.name, "bn against gn, batch=little")
        XCTAssertEqual(contrast.claim, .equivalent(margin: 1.5))
        XCTAssertEqual(contrast.score, "wrong_test_images")
    }

    func testANumberOfSeedsCountsFromOneAndThereAreEightUnlessSomebodySays() throws {
        let axes = "axes: {norm: {normalization.norm: [bn]}}\n"
        XCTAssertEqual(try design("seeds: 3\n" + axes).seeds, [1, 2, 3])
        XCTAssertEqual(try design(axes).seeds, Array(1...8))
        XCTAssertEqual(try design(axes).name, "s")
    }

    func testAStudyThatIsWrittenAndReadAgainHasTheSameTrials() throws {
        let before = try design(Self.small)
        let text = try before.yaml(base: before.base.configuration)
        let after = try StudyFile(path: "other.yaml", text: text).design()
        XCTAssertEqual(after.name, "small")
        XCTAssertEqual(after.contrasts, before.contrasts)
        XCTAssertEqual(try after.trials().map(\.draft.configuration), try before.trials().map(\.draft.configuration))
        XCTAssertEqual(try after.trials().map(\.levels), try before.trials().map(\.levels))
        XCTAssertEqual(try after.yaml(base: after.base.configuration), text)
    }

    func testAssignmentsChangeTheBaseAndAxesStandOverThem() throws {
        let design = try StudyFile(path: "s.yaml", text: Self.small).design(
            assignments: ["training.epochs=7", "training.batch=5"])
        let configurations = try design.trials().map(\.draft.configuration)
        XCTAssertTrue(configurations.allSatisfy { $0.training.epochs == 7 })
        XCTAssertEqual(configurations.prefix(2).map(\.training.batch), [2, 8])
    }

    func testTheBaseMayBeAFileBesideTheStudy() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("training: {epochs: 9}\n".utf8).write(to: folder.appending(path: "base.yaml"))
        let study = folder.appending(path: "study.yaml")
        try Data("base: base.yaml\naxes: {norm: {normalization.norm: [bn]}}\n".utf8).write(to: study)
        let design = try StudyFile(handedOver: study.path).design()
        XCTAssertEqual(try design.trials()[0].draft.configuration.training.epochs, 9)
    }

    func testMistakesAreRefusedWithTheirLine() {
        let axes = "axes:\n  norm:\n    normalization.norm: [bn, gn]\n"
        assertRefused(
            "seed: 3\n" + axes, "s.yaml:1: expected a key of a study, found 'seed'; did you mean 'seeds'?")
        assertRefused(
            "axes:\n  norm:\n    normalisation.norm: [bn]\n",
            "s.yaml:3: expected a key of the configuration, found 'normalisation.norm'; "
                + "did you mean 'normalization.norm'?")
        assertRefused(
            "axes:\n  batch:\n    training.batch: [2, x]\n",
            "s.yaml:3: training.batch: expected a whole number from 1, found 'x'")
        assertRefused(
            "axes:\n  batch:\n    training.batch: [1, 2]\n    workers: [2]\n",
            "s.yaml:3: batch: expected as many values for each key, found 2 of training.batch and 1 of workers")
        assertRefused(
            "axes:\n  seed:\n    seed: [1, 2]\n",
            "s.yaml:3: seed: expected seeds under the key 'seeds', found an axis of them")
        assertRefused(
            axes + "seeds: [1, 1]\n",
            "s.yaml:4: seeds: expected how many seeds, from 1 to 1000, or a list of different seeds from 0, found a list"
        )
        assertRefused(
            axes + "base:\n  seed: 4\n",
            "s.yaml:5: base: expected a configuration without 'seed', since the key 'seeds' has the seeds of a study, "
                + "found a section")
        assertRefused("seeds: 3\n", "s.yaml:1: expected the key 'axes' in a study, found none")
    }

    func testContrastsThatCannotBeAreRefusedWithTheirLine() {
        func study(_ contrast: String) -> String {
            "axes:\n  norm:\n    normalization.norm: [bn, gn]\n  batch:\n    training.batch: [2, 4]\ncontrasts:\n  - "
                + contrast + "\n"
        }
        assertRefused(
            study("{first: {norm: bn}, second: {norm: ln}, at: {batch: 2}}"),
            "s.yaml:7: norm: expected one of bn, gn, found 'ln'")
        assertRefused(
            study("{first: {norm: bn}, second: {norm: gn}}"),
            "s.yaml:7: first: expected a level of each axis, there or under 'at', found none of 'batch'")
        assertRefused(
            study("{first: {norm: bn}, second: {norm: bn}, at: {batch: 2}}"),
            "s.yaml:7: contrasts: expected two settings that differ, found the same twice")
        assertRefused(
            study("{first: {norm: bn}, second: {norm: gn}, at: {batch: 2}, claim: worse}"),
            "s.yaml:7: claim: expected one of higher, lower, equivalent, identical: what the first errs beside the second, "
                + "found 'worse'")
        assertRefused(
            study("{first: {norm: bn}, second: {norm: gn}, at: {batch: 2}, claim: equivalent}"),
            "s.yaml:7: claim: expected the key 'margin' in a contrast whose claim is 'equivalent', found none")
        assertRefused(
            study("{first: {norm: bn}, second: {norm: gn}, at: {batch: 2}, claim: higher, margin: 1}"),
            "s.yaml:7: margin: expected no margin, unless the claim is 'equivalent', found '1'")
    }
}
