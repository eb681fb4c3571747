import XCTest

@testable import Reports

/// p-values of several contrasts, and which of them a number of seeds can reach.
final class AdjustmentTests: XCTestCase {
    /// From statsmodels 0.15.0, `multipletests(…, method="holm")`.
    func testHolm() {
        XCTAssertEqual(
            holmAdjusted([0.0078125, 0.734375, 0.03125, 0.0234375]), [0.03125, 0.734375, 0.0703125, 0.0703125])
        for (value, expected) in zip(
            holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.5, 0.04]), [0.05, 0.12, 0.12, 0.03, 0.5, 0.12])
        {
            XCTAssertEqual(value, expected, accuracy: 1e-15)
        }
        XCTAssertEqual(holmAdjusted([]), [])
        XCTAssertEqual(holmAdjusted([0.9, 0.8]), [1, 1])
    }

    func testMaxTOverContrastsThatShareSettings() throws {
        let (a, b, c) = (ReferenceCounts.a, ReferenceCounts.b, ReferenceCounts.c)
        let six = try StepDownMaxT([pairs(a, b, count: 6), pairs(a, c, count: 6), pairs(c, b, count: 6)])
        XCTAssertEqual(try XCTUnwrap(six).adjusted, [0.03125, 0.71875, 0.03125])
        let eight = try StepDownMaxT([pairs(a, b), pairs(a, c), pairs(c, b)])
        XCTAssertEqual(try XCTUnwrap(eight).adjusted, [0.0078125, 0.7421875, 0.0078125])
    }

    /// From all 2ⁿ patterns in Python, with statistics as `fractions.Fraction`: a−b over seeds 1 … 8, a−c over 1 … 6, c−b
    /// over 4 … 8; and made-up differences over overlapping seeds, one of them with two equal ones.
    func testMaxTOverDifferentSeeds() throws {
        let (a, b, c) = (ReferenceCounts.a, ReferenceCounts.b, ReferenceCounts.c)
        let late = try PairedDifferences(first: trials(c), second: trials(Array(b[3...]), seeds: Array(4...8)))
        let mixed = try StepDownMaxT([pairs(a, b), pairs(a, c, count: 6), late])
        XCTAssertEqual(try XCTUnwrap(mixed).adjusted, [1.0 / 128, 23.0 / 32, 3.0 / 32])

        let madeUp = try StepDownMaxT([
            pairs(differences: [3, -1, 4, 1, 5, -9, 2, 6]), pairs(differences: [2, 7, 1, 8, -2, 8, 1, 8]),
            pairs(differences: [1, 6, -1, 8, 0, 3, 3, 9], seeds: Array(3...10)), pairs(differences: [5, 5]),
        ])
        XCTAssertEqual(try XCTUnwrap(madeUp).adjusted, [77.0 / 128, 41.0 / 512, 11.0 / 128, 77.0 / 128])
    }

    func testMaxTOfASingleContrastIsTheSignFlipTest() throws {
        let differences = [3, -1, 4, 1, 5, -9, 2, 6]
        let single = try XCTUnwrap(try StepDownMaxT([pairs(differences: differences)]))
        XCTAssertEqual(single.adjusted, [124.0 / 256])
    }

    /// Differences that are all equal have an infinite t, and are not beaten but by their own opposite.
    func testMaxTWithoutDeviation() throws {
        let equal = try pairs(differences: Array(repeating: 40, count: 6))
        let none = try pairs(differences: Array(repeating: 0, count: 6))
        let adjusted = try XCTUnwrap(StepDownMaxT([none, equal, equal])).adjusted
        XCTAssertEqual(adjusted, [1, 2.0 / 64, 2.0 / 64])
    }

    func testContrastsWithFewPairsStandAsideInMaxT() throws {
        let empty = try PairedDifferences(first: [], second: [])
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT([])).adjusted, [])
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT([empty])).adjusted, [1])
        let six = try pairs(ReferenceCounts.a, ReferenceCounts.b, count: 6)
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT([empty, six])).adjusted, [1, 2.0 / 64])
        let single = try pairs(differences: [9], seeds: [70])
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT([single])).adjusted, [1])
        let alike = try pairs(ReferenceCounts.a, ReferenceCounts.c)
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT([alike, single])).adjusted, [190.0 / 256, 1])
    }

    /// With six seeds Holm can never go below 0.05 for two contrasts; max-T can for many.
    func testMaxTDoesNotPayForContrastsThatMoveTogether() throws {
        let contrasts = try (0..<30).map { shift in
            try pairs(differences: (0..<6).map { 200 + 3 * $0 + shift })
        }
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT(contrasts)).adjusted, Array(repeating: 2.0 / 64, count: 30))
        XCTAssertEqual(holmAdjusted([2.0 / 64, 2.0 / 64]), [0.0625, 0.0625])
    }

    func testMaxTEndsAtTwentySeeds() throws {
        XCTAssertNotNil(try StepDownMaxT([pairs(differences: Array(repeating: 1, count: 20))]))
        XCTAssertNil(try StepDownMaxT([pairs(differences: Array(repeating: 1, count: 21))]))
    }

    func testTwentySeedsAndTenContrastsTakeSeconds() throws {
        let contrasts = try (1...10).map { shift in
            try pairs(differences: (0..<20).map { ($0 * 7919 * shift) % 401 - 150 })
        }
        let start = ContinuousClock.now
        XCTAssertEqual(try XCTUnwrap(StepDownMaxT(contrasts)).adjusted.count, 10)
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(20))
    }

    func testWhatSeedsCanReach() {
        XCTAssertEqual((5...10).map { Reach(seeds: $0, contrasts: 1).contrastsWithinHolm }, [0, 1, 3, 6, 12, 25])
        XCTAssertEqual(Reach(seeds: 0, contrasts: 1).smallestP, 1)
        XCTAssertEqual(Reach(seeds: 1, contrasts: 1).smallestP, 1)
        XCTAssertEqual(Reach(seeds: 8, contrasts: 5).smallestP, 2.0 / 256)
        XCTAssertEqual(Reach(seeds: 8, contrasts: 5).smallestHolmP, 10.0 / 256)
        XCTAssertEqual(Reach(seeds: 8, contrasts: 5).smallestAdjustedP, 2.0 / 256)
        XCTAssertEqual(Reach.seedsNeeded, 6)
        XCTAssertEqual([1, 2, 3, 4, 6, 7, 25, 26].map(Reach.seedsNeededWithHolm), [6, 7, 7, 8, 8, 9, 10, 11])
    }

    func testWhatSeedsCanReachInWords() {
        XCTAssertEqual(
            Reach(seeds: 8, contrasts: 5).sentence,
            "8 paired seeds reach p-values down to 0.0078; over 5 contrasts, 0.0078 after step-down max-T and 0.039 after "
                + "Holm.")
        XCTAssertEqual(
            Reach(seeds: 6, contrasts: 2).sentence,
            "6 paired seeds reach p-values down to 0.031; over 2 contrasts, 0.031 after step-down max-T and 0.062 after "
                + "Holm, which would need 7 seeds to go below 0.05.")
        XCTAssertEqual(
            Reach(seeds: 5, contrasts: 1).sentence,
            "5 paired seeds can't decide any direction: the smallest p-value they reach is 0.062, and 6 seeds are the fewest "
                + "that go below 0.05.")
        XCTAssertEqual(
            Reach(seeds: 6, contrasts: 1).sentence, "6 paired seeds reach p-values down to 0.031 (exact sign flips).")
    }
}
