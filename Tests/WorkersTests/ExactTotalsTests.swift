import Kernels
import TestSupport
import Workers
import XCTest

final class ExactTotalsTests: XCTestCase {
    func testCountsAndValuesAddUpOverAllRanks() throws {
        for ranks in 1...4 {
            let totals = try onRanks(ranks) { rank, transport in
                var totals = ExactTotals(counts: 2, values: 2)
                for item in 0..<24 where item % ranks == rank {
                    totals.add(item, toCount: 0)
                    totals.add(-1, toCount: 1)
                    totals.add(Double(item) + 0.5, toValue: 0)
                    totals.add(-exp2(Double(-item)), toValue: 1)
                }
                try totals.reduce(over: transport, for: "a test")
                return totals
            }
            for totals in totals {
                XCTAssertEqual(totals.count(0), 24 * 23 / 2)
                XCTAssertEqual(totals.count(1), -24)
                XCTAssertEqual(totals.value(0), 24 * 24 / 2)
                XCTAssertEqual(totals.value(1), -2 + exp2(-23))
            }
        }
    }

    func testTheBitsDoNotDependOnHowContributionsAreSpread() throws {
        let values = randomFloats(1000, 1).map { Double($0) / 3 }
        func sum(_ ranks: Int) throws -> [UInt64] {
            try onRanks(ranks) { rank, transport in
                var totals = ExactTotals(counts: 0, values: 1)
                // The second half backwards, dealt to the ranks in turn.
                let order = Array(0..<500) + (500..<1000).reversed()
                for (turn, index) in order.enumerated() where turn % ranks == rank {
                    totals.add(values[index], toValue: 0)
                }
                try totals.reduce(over: transport, for: "a test")
                return totals.value(0).bitPattern
            }
        }
        let alone = try sum(1)[0]
        for ranks in 2...5 { XCTAssertEqual(try sum(ranks), Array(repeating: alone, count: ranks)) }
    }

    /// Without carries a digit overflows after 32,768 contributions.
    func testAnyNumberOfContributionsFits() {
        for format in [FixedPointSum.activations, .gradients] {
            let value = Double(1 << 48 - 1) * exp2(Double(format.unitExponent))
            var totals = ExactTotals(counts: 0, values: 1, as: format)
            for _ in 0..<40_000 { totals.add(-value, toValue: 0) }
            XCTAssertEqual(totals.value(0), -value * 40_000)
        }
    }

    func testAContributionThatIsLostLosesAllValuesOnEveryRankAndNoCount() throws {
        for (bad, format) in [
            (Double.nan, FixedPointSum.gradients), (.infinity, .activations), (0x1p72, .activations),
        ] {
            let totals = try onRanks(3) { rank, transport in
                var totals = ExactTotals(counts: 1, values: 2, as: format)
                totals.add(rank, toCount: 0)
                totals.add(rank == 1 ? bad : 1, toValue: 0)
                totals.add(1, toValue: 1)
                try totals.reduce(over: transport, for: "a test")
                return totals
            }
            for totals in totals {
                XCTAssertEqual(totals.count(0), 3)
                XCTAssertTrue(totals.value(0).isNaN && totals.value(1).isNaN, "\(bad)")
            }
        }
    }

    func testAllGoesInOneMessage() throws {
        let counter = MessageCounter()
        var totals = ExactTotals(counts: 3, values: 2)
        try totals.reduce(over: counter, for: "a test")
        XCTAssertEqual(counter.sizes, [3 + 1 + 2 * 6])
        XCTAssertEqual(counter.purposes, ["a test"])
    }
}
