import XCTest

@testable import Reports

/// Labels at the ends of lines: as near as they can stand without touching.
final class LabelPlacementTests: XCTestCase {
    private func heights(_ wanted: [Double], spacing: Double = 10, in range: ClosedRange<Double> = 0...100) -> [Double]
    {
        LabelPlacement.heights(wanted, spacing: spacing, in: range)
    }

    func testLabelsWithRoomStayWhereTheyAre() {
        XCTAssertEqual(heights([80, 20, 50]), [80, 20, 50])
        XCTAssertEqual(heights([]), [])
    }

    func testTwoAtTheSameHeightMoveApartByHalfALineEach() {
        XCTAssertEqual(heights([40, 40]), [35, 45])
        XCTAssertEqual(heights([42, 38]), [45, 35])
    }

    func testACrowdKeepsItsMeanHeight() {
        // Three labels around 50 and one far away: the crowd is spread around its mean, the other one stays.
        let placed = heights([50, 51, 49, 90])
        zip(placed, [50, 60, 40, 90]).forEach { XCTAssertEqual($0, $1, accuracy: 1e-9) }
    }

    func testLabelsStayWithinTheRange() {
        XCTAssertEqual(heights([0, 1, 2]), [0, 10, 20])
        XCTAssertEqual(heights([100, 100]), [90, 100])
        XCTAssertEqual(heights([-7]), [0])
    }

    func testWithoutRoomForAllTheyShareIt() {
        XCTAssertEqual(heights([5, 5, 5, 5, 5], spacing: 50), [0, 25, 50, 75, 100])
    }

    func testNoOtherPlacesAreNearer() {
        // On a grid of half a line every allowed placement of three labels is tried.
        let wanted = [30.0, 34, 41]
        let placed = heights(wanted)
        func displacement(_ heights: [Double]) -> Double {
            zip(heights, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let grid = Array(stride(from: 0.0, through: 100, by: 0.5))
        var nearest = Double.infinity
        for first in grid {
            for second in grid where second >= first + 10 {
                for third in grid where third >= second + 10 {
                    nearest = min(nearest, displacement([first, second, third]))
                }
            }
        }
        XCTAssertEqual(displacement(placed), nearest, accuracy: 1e-9)
    }
}
