import Foundation
import XCTest

@testable import Training

/// Clocks that run apart give the same common time.
final class AlignedClockTests: TrainingTestCase {
    func testOneBarrierBoundsTheOffsetByItsTwoLatencies() {
        // A clock 100 s ahead. Rank 0 enters at 1 and leaves at 3; the other enters at 2 and leaves at 2.5.
        let bounds = AlignedClock.offsetBounds(entered: [102], left: [102.5], firstEntered: [1], firstLeft: [3])
        XCTAssertEqual(bounds, 99...101.5)
    }

    func testTheTightestBoundsOfSeveralBarriersCount() {
        let bounds = AlignedClock.offsetBounds(
            entered: [102, 112, 122], left: [102.5, 112.125, 125], firstEntered: [1, 11, 22],
            firstLeft: [3, 14, 22.125])
        XCTAssertEqual(bounds, 99.875...101.125)
    }

    func testBetweenTwoMeasurementsTheOffsetIsInterpolated() {
        let clock = AlignedClock(
            now: { 0 },
            measurements: [.init(time: 10, offset: 4), .init(time: 20, offset: 5), .init(time: 30, offset: 5)])
        XCTAssertEqual(clock.common(8), 4)
        XCTAssertEqual(clock.common(10), 6)
        XCTAssertEqual(clock.common(15), 10.5)
        XCTAssertEqual(clock.common(20), 15)
        XCTAssertEqual(clock.common(25), 20)
        XCTAssertEqual(clock.common(40), 35)
    }

    /// The processes of a host share its uptime; each rank's clock is set forward by hours of its own.
    func testClocksThatAreHoursApartAgreeWithinTheErrorThatIsTold() throws {
        let ahead = 3600 * Double(world.rank)
        var clock = AlignedClock { ProcessInfo.processInfo.systemUptime + ahead }
        try clock.measure(over: world)
        try clock.measure(over: world)
        let moment = try world.broadcast(ProcessInfo.processInfo.systemUptime, root: 0)
        let common = clock.common(moment + ahead)
        let expected = try world.broadcast(common, root: 0)
        XCTAssertGreaterThan(expected, 0)
        // Uptimes are rounded to nanoseconds.
        XCTAssertLessThanOrEqual(abs(common - expected), clock.errorSeconds + 1e-8)
        if world.rank == 0 { XCTAssertEqual(clock.errorSeconds, 0) }
    }
}
