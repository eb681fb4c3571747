import Datasets
import XCTest

@testable import Settings

/// The keys that say how images are divided, put into batches and changed.
final class ImageKeyTests: XCTestCase {
    private func assertRefused(_ yaml: String, _ message: String, line: UInt = #line) {
        XCTAssertThrowsError(
            try ConfigurationDraft(yaml: yaml, file: "run.yaml").validated(for: .train, ranks: 2), line: line
        ) { error in
            XCTAssertEqual("\(error)", message, line: line)
        }
    }

    func testAFileAndOptionsSetThem() throws {
        var draft = try ConfigurationDraft(
            yaml: """
                dataset:
                  shards: dirichlet:0.1
                  batches: coherent:2
                  augmentation: [crop:4, flip]
                  pixels: ranges:10000
                  part: 1/2
                """, file: "run.yaml")
        XCTAssertEqual(draft.configuration.dataset.shards, .dirichlet(0.1))
        XCTAssertEqual(draft.configuration.dataset.batches, .coherent(classes: 2))
        XCTAssertEqual(draft.configuration.dataset.augmentation, [.crop(padding: 4), .flip])
        XCTAssertEqual(draft.configuration.dataset.pixels, .ranges(10_000))
        XCTAssertEqual(draft.configuration.dataset.part, TrainingPart(1, of: 2))
        let read = try ConfigurationDraft(yaml: draft.configuration.yaml(), file: "again")
        XCTAssertEqual(read.configuration, draft.configuration)
        XCTAssertEqual(
            try ConfigurationDraft(yaml: draft.configuration.commentedYAML, file: "again").configuration,
            draft.configuration)
        for option in ["shards", "augment"] {
            XCTAssertEqual(Configuration.keys.count { $0.option == option }, 1)
        }
        try draft.set("dataset.augmentation", to: "flip,crop:2", option: "--augment")
        XCTAssertEqual(draft.configuration.dataset.augmentation, [.flip, .crop(padding: 2)])
        try draft.set("dataset.part=null")
        XCTAssertNil(draft.configuration.dataset.part)
    }

    func testShardsOutOfTheirRangeAreRefusedWithIt() {
        for text in [
            "dirichlet:0", "dirichlet:-1", "dirichlet:nan", "dirichlet:inf", "dirichlet:1e7", "dirichlet:1e-7",
        ] {
            assertRefused(
                "seed: 1\ndataset:\n  shards: \(text)\n",
                "run.yaml:3: dataset.shards: expected one of iid, dirichlet:a, sorted, with a number a from 0.000001 to "
                    + "1000000, found '\(text)'")
        }
        assertRefused(
            "dataset:\n  shards: dirichlet:010\n",
            "run.yaml:2: dataset.shards: expected one of iid, dirichlet:a, sorted, with a number a from 0.000001 to "
                + "1000000, found 'dirichlet:010'; write it in decimal digits")
        assertRefused(
            "dataset:\n  shards: sortd\n",
            "run.yaml:2: dataset.shards: expected one of iid, dirichlet:a, sorted, with a number a from 0.000001 to "
                + "1000000, found 'sortd'; did you mean 'sorted'?")
    }

    func testBatchesOutOfTheirRangeAreRefusedWithIt() {
        for text in ["coherent:0", "coherent:1", "coherent:-2", "coherent:257", "coherent:2.5", "coherent:nan"] {
            assertRefused(
                "dataset:\n  batches: \(text)\n",
                "run.yaml:2: dataset.batches: expected one of mixed, coherent:k, with a whole number k from 2 to 256, "
                    + "found '\(text)'")
        }
    }

    func testAugmentationOutOfItsRangeOrGivenTwiceIsRefused() {
        for text in ["crop:0", "crop:-4", "crop:1025", "crop:nan", "mirror"] {
            assertRefused(
                "dataset:\n  augmentation: [flip, \(text)]\n",
                "run.yaml:2: dataset.augmentation: expected one of crop:n, flip, with a whole number n from 1 to 1024, "
                    + "found '\(text)'")
        }
        for list in ["['crop:4', 'crop:4']", "[flip, 'crop:1', flip]", "['crop:1', 'crop:2']"] {
            assertRefused(
                "dataset:\n  augmentation: \(list)\n",
                "run.yaml:2: dataset.augmentation: expected crop and flip once each, at most, found '\(list)'")
        }
    }

    func testPixelsOutOfTheirRangeAreRefusedWithIt() {
        for text in ["ranges:0", "ranges:0.5", "ranges:-3", "ranges:1e7", "ranges:nan"] {
            assertRefused(
                "dataset:\n  pixels: \(text)\n",
                "run.yaml:2: dataset.pixels: expected one of standardised, unit, ranges:n, with a number n from 1 to "
                    + "1000000, found '\(text)'")
        }
    }

    func testPartsThatCanNotBeAreRefused() {
        for text in ["0/2", "3/2", "1/0", "2", "half", "-1/2", "1/2/3"] {
            assertRefused(
                "dataset:\n  part: \(text)\n",
                "run.yaml:2: dataset.part: expected k/n with whole numbers k from 1 to n, such as 1/2, found '\(text)'")
        }
    }

    func testTheTwoKeysOfShardsNameEachOther() {
        XCTAssertEqual(Configuration.key("dataset.shards")?.documentation.contains("training.shards"), true)
        XCTAssertEqual(Configuration.key("training.shards")?.documentation.contains("dataset.shards"), true)
    }

    func testTheRequirementInHelpHasNamesAndRange() {
        XCTAssertEqual(
            Configuration.key("dataset.shards")?.requirement,
            "One of iid, dirichlet:a, sorted, with a number a from 0.000001 to 1000000.")
        XCTAssertEqual(
            Configuration.key("dataset.augmentation")?.requirement,
            "A list, each one of crop:n, flip, with a whole number n from 1 to 1024.")
    }
}
