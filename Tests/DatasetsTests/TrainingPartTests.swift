import Datasets
import XCTest

/// Disjoint parts of the images to train on.
final class TrainingPartTests: XCTestCase {
    /// Images of one pixel, whose value is their index, in a file that is sorted by class: 40, 31 and 5 of a class.
    private let dataset: Dataset = {
        let train = ImageSet(
            height: 1, width: 1, channels: 1, classes: 3, images: Array(0..<76),
            labels: Array(repeating: 0, count: 40) + Array(repeating: 1, count: 31) + Array(repeating: 2, count: 5))
        return Dataset(name: "test", train: train, test: train)
    }()

    func testPartsAreDisjointAndTogetherEverything() throws {
        for count in [1, 2, 3, 7, 76] {
            let parts = try (1...count).map { try dataset.reduced(to: TrainingPart($0, of: count)).train.images }
            XCTAssertEqual(parts.flatMap { $0 }.sorted(), Array(0..<76))
            for part in parts { XCTAssertEqual(part, part.sorted()) }
        }
    }

    func testPartsHaveEquallyManyImagesOfEachClassOrOneMore() throws {
        for count in [2, 3, 7] {
            let parts = try (1...count).map { try dataset.reduced(to: TrainingPart($0, of: count)).train.labels }
            for (label, total) in [40, 31, 5].enumerated() {
                for part in parts {
                    let images = part.count { $0 == label }
                    XCTAssertTrue((total / count...total / count + 1).contains(images), "\(images) of \(total)")
                }
            }
            XCTAssertLessThanOrEqual((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0), 1)
        }
        XCTAssertNotEqual(try dataset.reduced(to: TrainingPart(1, of: 2)).train.images, (0..<38).map { 2 * $0 })
    }

    func testTheTestImagesAreThoseOfTheWhole() throws {
        XCTAssertEqual(try dataset.reduced(to: TrainingPart(2, of: 3)).test.images, dataset.test.images)
    }

    func testMorePartsThanImagesAreRefused() {
        XCTAssertThrowsError(try dataset.reduced(to: TrainingPart(1, of: 77))) { error in
            XCTAssertEqual(
                "\(error)",
                "the 76 training images of test can't be divided into 77 parts: choose at most 76 with --set dataset.part"
            )
        }
    }

    func testNamesReadBack() {
        XCTAssertEqual(TrainingPart(rawValue: "2/3"), TrainingPart(2, of: 3))
        XCTAssertEqual(TrainingPart(2, of: 3).rawValue, "2/3")
        for text in ["", "1", "0/2", "3/2", "-1/2", "1/0", "1/2/3", "01/2", "a/b", "1/", "/2", "1.0/2"] {
            XCTAssertNil(TrainingPart(rawValue: text), text)
        }
    }
}
