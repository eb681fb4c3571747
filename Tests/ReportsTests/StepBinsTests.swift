import XCTest

@testable import Reports

/// Long rows of measurements in a few bins.
final class StepBinsTests: XCTestCase {
    func testABinHasTheExactMeanOfItsMeasurementsAndTheirRange() {
        let bins = StepBins(steps: (1...7).map(Double.init), values: [1, 2, 6, 4, 4, 4, 10], most: 3)
        XCTAssertEqual(bins.size, 3)
        XCTAssertEqual(
            bins.points,
            [
                LinePlot.Point(x: 2, y: 3, band: 1...6), LinePlot.Point(x: 5, y: 4, band: 4...4),
                LinePlot.Point(x: 7, y: 10),
            ])
    }

    func testFewMeasurementsStayAsTheyAre() {
        let bins = StepBins(steps: [1, 2], values: [0.5, 0.25], most: 3)
        XCTAssertEqual(bins.points, [LinePlot.Point(x: 1, y: 0.5), LinePlot.Point(x: 2, y: 0.25)])
        XCTAssertEqual(bins.explanation, "")
        XCTAssertEqual(StepBins(steps: [], values: [], most: 3).points, [])
    }

    func testThereAreNeverMoreBinsThanAskedFor() {
        for count in [1, 199, 200, 201, 399, 400, 401, 10_000] {
            let steps = (1...count).map(Double.init)
            let bins = StepBins(steps: steps, values: steps, most: 200)
            XCTAssertLessThanOrEqual(bins.points.count, 200)
            // Of equal weights: the means come to the mean of all.
            let sum = zip(bins.points, steps.indices).reduce(0.0) { total, pair in
                total + pair.0.y * Double(min(bins.size, count - pair.1 * bins.size))
            }
            XCTAssertEqual(sum, Double(count * (count + 1) / 2), accuracy: 1e-6)
        }
    }

    func testABinWithoutANumberIsNone() {
        let bins = StepBins(steps: [1, 2, 3, 4], values: [.nan, .infinity, .nan, 8], most: 2)
        XCTAssertTrue(bins.points[0].y.isNaN)
        XCTAssertNil(bins.points[0].band)
        XCTAssertEqual(bins.points[1].y, 8)
    }
}
