import XCTest

@testable import Reports

/// Ranges, ticks and numbers of axes.
final class AxisTests: XCTestCase {
    private func range(_ values: [Double], isLogarithmic: Bool = false, room: Double = 0.1) -> AxisRange {
        AxisRange(of: values, isLogarithmic: isLogarithmic, room: room)
    }

    private func bounds(_ range: AxisRange) -> [Double] { [range.low, range.high] }

    func testARangeLeavesRoomAroundItsValuesButNoneBelowZero() {
        XCTAssertEqual(bounds(range([20, 10])), [9, 21])
        XCTAssertEqual(bounds(range([0.5, 10.5])), [0, 11.5])
        XCTAssertEqual(bounds(range([-10, 10])), [-12, 12])
        let decades = range([1, 100], isLogarithmic: true, room: 0.5)
        XCTAssertEqual(decades.low, 0.1, accuracy: 1e-12)
        XCTAssertEqual(decades.high, 1000, accuracy: 1e-9)
    }

    func testWithoutValuesOrWithOneThereIsARange() {
        XCTAssertEqual(bounds(range([])), [0, 1])
        XCTAssertEqual(bounds(range([.nan, .infinity])), [0, 1])
        XCTAssertEqual(bounds(range([0], isLogarithmic: true)), [1, 10])
        XCTAssertEqual(bounds(range([0, 0])), [-1, 1])
        XCTAssertEqual(bounds(range([-8])), [-12, -4])
        XCTAssertEqual(bounds(range([8], isLogarithmic: true)), [4, 16])
    }

    func testAPlaceIsAFractionOfTheRange() {
        XCTAssertEqual(range([0, 10], room: 0).fraction(of: 2.5), 0.25)
        XCTAssertEqual(range([1, 16], isLogarithmic: true, room: 0).fraction(of: 4), 0.5, accuracy: 1e-12)
    }

    private func labels(_ axis: Axis, _ range: AxisRange, length: Double = 400) -> [String]? {
        AxisTicks.shown(axis, in: range, length: length, size: 16)?.map(\.label)
    }

    func testTicksThatWouldTouchHaveNoLabel() {
        let ticks = [1.0, 2, 3, 98].map { Axis.Tick($0, "\(Int($0)),000,000") }
        let axis = Axis("x", ticks: ticks)
        XCTAssertEqual(labels(axis, range([0, 100], room: 0)), ["1,000,000", "", "", "98,000,000"])
        XCTAssertEqual(labels(axis, range([2, 50], room: 0)), ["2,000,000", ""])
        XCTAssertNil(labels(Axis("x"), range([0, 1])))
    }

    func testALogarithmicAxisHasTicksInEveryDecade() {
        let axis = Axis("x", isLogarithmic: true)
        XCTAssertEqual(
            labels(axis, range([1, 100], isLogarithmic: true, room: 0)), ["1", "2", "5", "10", "20", "50", "100"])
        XCTAssertEqual(
            labels(axis, range([1e-3, 10], isLogarithmic: true, room: 0)), ["0.001", "0.01", "0.1", "1", "10"])
        XCTAssertLessThanOrEqual(labels(axis, range([1e-90, 1e90], isLogarithmic: true, room: 0))?.count ?? 99, 10)
    }

    func testNumbersForPeople() {
        XCTAssertEqual(
            [0.1 + 0.2, -2.5, 1_234_567, -0.0, 1e-9, .nan, -.infinity].map { FigureNumber.short($0) },
            ["0.3", "−2.5", "1.235e+06", "0", "1e−09", "no value", "−∞"])
    }

    func testAnUncertaintyDecidesHowManyDecimalsAreShown() {
        XCTAssertEqual(FigureNumber.short([2.4083, 1.6486], uncertainty: 0.76), ["2.41", "1.65"])
        XCTAssertEqual(FigureNumber.short([35.91, 30], uncertainty: 3.1), ["35.9", "30.0"])
        XCTAssertEqual(FigureNumber.short([-0.001, 120], uncertainty: 25), ["0", "120"])
        XCTAssertEqual(FigureNumber.short([2.4083, .infinity], uncertainty: .infinity), ["2.41", "∞"])
    }

    func testTextIsShortenedToItsRoom() {
        XCTAssertEqual(TextWidth.shortened("syncbn", to: 100, size: 16), "syncbn")
        let short = TextWidth.shortened("a very long name of a series", to: 100, size: 16)
        XCTAssertTrue(short.hasSuffix("…") && short.hasPrefix("a very l"), short)
        XCTAssertLessThanOrEqual(TextWidth.estimate(short, size: 16), 100)
        XCTAssertEqual(TextWidth.shortened("漢字漢字漢字", to: 60, size: 16), "漢字…")
    }
}
