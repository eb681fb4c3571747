import XCTest

@testable import Reports

/// The sentence that a comparison ends with.
final class VerdictTests: XCTestCase {
    private func verdict(
        perWorker: Double, synchronized: Double, workers: Int = 4, batch: Int = 2, images: Int = 10_000
    ) -> String? {
        Verdict(
            [
                result("bn", statistics: "worker", errorPercent: perWorker, workers: workers, batch: batch),
                result("syncbn", statistics: "world", errorPercent: synchronized, workers: workers, batch: batch),
            ], testImages: images
        )?.description
    }

    func testAClearDifferenceNamesItsDirectionAndSize() {
        XCTAssertEqual(
            verdict(perWorker: 20, synchronized: 15),
            "With 4 workers of 2 images each, synchronised batch norm errs on 15.00% of the test images and per-worker "
                + "batch norm on 20.00%: synchronising lowers the error by 5.00 points; one seed is a direction, "
                + "not a result.")
        XCTAssertEqual(
            verdict(perWorker: 15, synchronized: 20, batch: 1),
            "With 4 workers of 1 image each, synchronised batch norm errs on 20.00% of the test images and per-worker "
                + "batch norm on 15.00%: synchronising raises the error by 5.00 points; one seed is a direction, "
                + "not a result.")
    }

    /// Error rates of a half on 10,000 images have a variance of 0.25/10,000 each, so their difference has a standard
    /// error of √(0.5/10,000) = 0.7071 points, and two of these are 1.4142.
    func testADifferenceWithinTwoStandardErrorsIsNone() throws {
        XCTAssertTrue(try XCTUnwrap(verdict(perWorker: 50.7, synchronized: 49.3)).contains("can't tell from none"))
        XCTAssertTrue(
            try XCTUnwrap(verdict(perWorker: 50.71, synchronized: 49.29)).contains("lowers the error by 1.42"))
        XCTAssertTrue(
            try XCTUnwrap(verdict(perWorker: 49.29, synchronized: 50.71)).contains("raises the error by 1.42"))
        XCTAssertTrue(
            try XCTUnwrap(verdict(perWorker: 50.71, synchronized: 49.29, images: 1000)).contains("can't tell from none")
        )
    }

    func testTwoRunsWithoutErrorsDoNotDiffer() throws {
        XCTAssertTrue(
            try XCTUnwrap(verdict(perWorker: 0, synchronized: 0)).contains("a difference of 0.00 points that so few"))
    }

    func testASingleWorkerHasNothingToSynchronise() {
        XCTAssertEqual(
            verdict(perWorker: 20, synchronized: 20, workers: 1),
            "With a single worker synchronised and per-worker batch norm are the same: set --workers to 2 or more to see "
                + "what synchronising does.")
    }

    func testThereIsNoVerdictUnlessBothWereTrained() {
        let perWorker = result("bn", statistics: "worker")
        let synchronized = result("syncbn", statistics: "world")
        XCTAssertNil(Verdict([perWorker, result("gn", statistics: "sample")], testImages: 100))
        XCTAssertNil(Verdict([synchronized], testImages: 100))
        XCTAssertNil(Verdict([result("bn", statistics: "ghost:2"), synchronized], testImages: 100))
        XCTAssertNotNil(Verdict([synchronized, perWorker], testImages: 100))
        XCTAssertNil(Verdict([synchronized, result("bn", statistics: "worker", scores: [:])], testImages: 100))
    }
}
