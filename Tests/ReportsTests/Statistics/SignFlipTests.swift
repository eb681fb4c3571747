import XCTest

@testable import Reports

/// The exact test by flipped signs, and the interval that belongs to it.
final class SignFlipTests: XCTestCase {
    private func differences(_ second: [Int], count: Int) throws -> [Int] {
        try pairs(ReferenceCounts.a, second, count: count).counts
    }

    func testPatternsAreCountedExactly() throws {
        XCTAssertEqual(try signFlipTest(differences(ReferenceCounts.b, count: 6)), 2.0 / 64)
        XCTAssertEqual(try signFlipTest(differences(ReferenceCounts.c, count: 6)), 46.0 / 64)
        XCTAssertEqual(try signFlipTest(differences(ReferenceCounts.b, count: 8)), 2.0 / 256)
        // 188 on percentages, where rounding loses two ties.
        XCTAssertEqual(try signFlipTest(differences(ReferenceCounts.c, count: 8)), 190.0 / 256)
    }

    /// From SciPy 1.17.1, `permutation_test` of the sum with `permutation_type="samples"`, and from all 2²⁴ sums in NumPy.
    func testManyDifferences() {
        XCTAssertEqual(signFlipTest([3, -1, 4, 1, 5, -9, 2, 6]), 124.0 / 256)
        XCTAssertEqual(signFlipTest([12, -7, 0, 3, 3, -3, 25, 8, 1, 0, -2, 14, 9, -6, 5, 5]), 3640.0 / 65536)
        let normal = [
            30, 66, -3, -77, -25, -89, 37, 191, -29, -44, 89, 73, 43, -82, 26, 113, -131, -25, -198, -125, -191, 2,
            -122,
            63,
        ]
        XCTAssertEqual(signFlipTest(normal), 6_705_894.0 / 16_777_216)
    }

    /// Differences of one size make it the sign test: of 40 fair coins, 28 or more show one side with
    /// p = 2·Σ C(40, k)/2⁴⁰ over k = 28 … 40.
    func testEqualSizesMakeItTheSignTest() {
        var patterns = 0
        var ways = 1
        for heads in 0...12 {
            patterns += ways
            ways = ways * (40 - heads) / (heads + 1)
        }
        let differences = Array(repeating: 250, count: 28) + Array(repeating: -250, count: 12)
        XCTAssertEqual(signFlipTest(differences), 2 * Double(patterns) / Double(1 << 40))
    }

    func testFewDifferencesProveNothing() {
        XCTAssertNil(signFlipTest([]))
        XCTAssertEqual(signFlipTest([400]), 1)
        XCTAssertEqual(signFlipTest([400, 500]), 0.5)
        XCTAssertEqual(signFlipTest([0, 0, 0]), 1)
        XCTAssertEqual(signFlipTest([3, -3]), 1)
    }

    func testHugeDifferencesAreNoHarder() {
        let huge = (0..<16).map { (1 << 40) - (1 << $0) }
        XCTAssertEqual(signFlipTest(huge), 2.0 / 65536)
    }

    /// 2²³ sums, all different.
    func testWhatCanNotBeCountedIsNotGuessed() {
        XCTAssertNil(signFlipTest((0..<23).map { 1 << $0 }))
    }

    /// From NumPy: the means of all subsets, sorted.
    func testSubsetMeans() throws {
        let six = try XCTUnwrap(SubsetMeans(differences(ReferenceCounts.b, count: 6), testImages: 10_000))
        XCTAssertEqual(six.sorted.count, 63)
        expect(six.interval(k: 1), 1.10...2.96)
        expect(six.interval(k: 2), 1.57...2.955)
        expect(six.interval(k: 6), 1.9633333333333334...2.853333333333333)
        XCTAssertEqual(six.coverage(k: 1), 1 - 2.0 / 64)
        let eight = try XCTUnwrap(SubsetMeans(differences(ReferenceCounts.c, count: 8), testImages: 10_000))
        expect(eight.interval(k: 3), -0.12...0.1)
    }

    /// 2k/2ⁿ ≤ 0.05: no k for five seeds, 1 for six, 6 for eight.
    func testTheNarrowestIntervalCoversEnough() throws {
        XCTAssertNil(
            try XCTUnwrap(SubsetMeans(differences(ReferenceCounts.b, count: 5), testImages: 10_000))
                .narrowest(covering: 0.95))
        let six = try XCTUnwrap(SubsetMeans(differences(ReferenceCounts.b, count: 6), testImages: 10_000))
        let ofSix = try XCTUnwrap(six.narrowest(covering: 0.95))
        XCTAssertEqual(ofSix.coverage, 0.96875)
        expect(ofSix.interval, 1.10...2.96)
        let eight = try XCTUnwrap(SubsetMeans(differences(ReferenceCounts.b, count: 8), testImages: 10_000))
        let ofEight = try XCTUnwrap(eight.narrowest(covering: 0.95))
        XCTAssertEqual(ofEight.coverage, 1 - 12.0 / 256)
        expect(ofEight.interval, 1.925...2.986666666666667)
    }

    func testSubsetsAreOnlyGoneThroughWhereThatIsFeasible() {
        XCTAssertNil(SubsetMeans([], testImages: 0))
        XCTAssertNotNil(SubsetMeans(Array(repeating: 1, count: 20), testImages: 10))
        XCTAssertNil(SubsetMeans(Array(repeating: 1, count: 21), testImages: 10))
    }

    private func expect(_ interval: ClosedRange<Double>, _ expected: ClosedRange<Double>, line: UInt = #line) {
        XCTAssertEqual(interval.lowerBound, expected.lowerBound, accuracy: 1e-12, line: line)
        XCTAssertEqual(interval.upperBound, expected.upperBound, accuracy: 1e-12, line: line)
    }
}
