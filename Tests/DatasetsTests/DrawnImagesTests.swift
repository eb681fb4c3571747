import Datasets
import XCTest

/// Which images are trained on, and which are held out.
final class DrawnImagesTests: XCTestCase {
    /// Images of one pixel, whose value is their index, in a file that is sorted by class: 40 of class 0, 30 of class 1, 3
    /// of class 2.
    private let sorted = ImageSet(
        height: 1, width: 1, channels: 1, classes: 3, images: Array(0..<73),
        labels: Array(repeating: 0, count: 40) + Array(repeating: 1, count: 30) + Array(repeating: 2, count: 3))

    func testASampleOfAFileSortedByClassHasEquallyManyOfEachAsFarAsTheyGo() {
        for (count, expected) in [
            (3, [1, 1, 1]), (9, [3, 3, 3]), (21, [9, 9, 3]), (73, [40, 30, 3]), (67, [34, 30, 3]),
        ] {
            let sample = sorted.balancedSample(of: count, seed: 1, for: "test")
            XCTAssertEqual(Set(sample).count, count)
            XCTAssertEqual(sample, sample.sorted())
            let ofClass = (0..<3).map { label in sample.count { Int(sorted.labels[$0]) == label } }
            XCTAssertEqual(ofClass, expected, "\(count) images")
        }
        // Ten over three classes of which one has three: 4 and 3, or 3 and 4.
        let ten = sorted.balancedSample(of: 10, seed: 1, for: "test")
        XCTAssertEqual(ten.count { sorted.labels[$0] == 2 }, 3)
        XCTAssertEqual(Set([0, 1].map { label in ten.count { sorted.labels[$0] == label } }), [3, 4])
    }

    func testTheSeedAndThePurposeDecideWhichImagesAreDrawn() {
        let sample = sorted.balancedSample(of: 12, seed: 1, for: "test")
        XCTAssertEqual(sorted.balancedSample(of: 12, seed: 1, for: "test"), sample)
        XCTAssertNotEqual(sorted.balancedSample(of: 12, seed: 2, for: "test"), sample)
        XCTAssertNotEqual(sorted.balancedSample(of: 12, seed: 1, for: "another"), sample)
        XCTAssertFalse(sample.filter { sorted.labels[$0] == 0 }.elementsEqual(0..<4), "the head of the file")
    }

    func testASampleComesFromItsCandidatesAlone() {
        let candidates = Array(stride(from: 1, to: 73, by: 2))
        XCTAssertTrue(
            Set(sorted.balancedSample(of: 20, among: candidates, seed: 1, for: "test")).isSubset(of: candidates))
    }

    func testValidationImagesAreHeldOutOfTraining() throws {
        let drawn = try dataset.drawn(trainImages: 30, validation: 21, seed: 5)
        let (trained, held) = (drawn.train.images, try XCTUnwrap(drawn.validation).images)
        XCTAssertEqual([trained.count, held.count], [30, 21])
        XCTAssertTrue(Set(trained).isDisjoint(with: held))
        XCTAssertEqual((0..<3).map { label in drawn.validation?.labels.count { $0 == label } }, [9, 9, 3])
        XCTAssertEqual(drawn.train.missingClasses, [2])
        let rest = try dataset.drawn(trainImages: nil, validation: 21, seed: 5)
        XCTAssertEqual(Set(rest.train.images + held), Set(0..<73), "all others are trained on")
        XCTAssertEqual(try XCTUnwrap(rest.validation).images, held, "whatever is drawn for training")
        XCTAssertEqual(drawn.test.images, dataset.test.images)
    }

    func testPixelsAreNormalisedByTheImagesThatAreTrainedOn() throws {
        let drawn = try dataset.drawn(trainImages: 5, validation: 7, seed: 5)
        XCTAssertEqual(drawn.normalization.means, PixelNormalization(of: drawn.train).means)
        XCTAssertNotEqual(drawn.normalization.means, dataset.normalization.means)
    }

    func testAllImagesAreLeftAsTheyAre() throws {
        let drawn = try dataset.drawn(trainImages: 73, validation: 0, seed: 5)
        XCTAssertEqual(drawn.train.images, sorted.images)
        XCTAssertNil(drawn.validation)
    }

    func testMoreImagesThanThereAreAreRefused() {
        for (train, held, part) in [
            (74, 0, "choose 1 to 73 with --train-images"), (0, 0, "--train-images"), (70, 4, "choose 1 to 69"),
            (1, 73, "choose 0 to 72 with --set dataset.validation"), (1, -1, "dataset.validation"),
        ] {
            XCTAssertThrowsError(try dataset.drawn(trainImages: train, validation: held, seed: 1)) {
                XCTAssertTrue("\($0)".contains(part), "\($0)")
            }
        }
    }

    private var dataset: Dataset { Dataset(name: "sorted", train: sorted, test: sorted.subset([0, 50])) }
}
