import TestSupport
import Workers
import XCTest

/// What the sums of the next step depend on can be kept, and must be.
final class GradientMemoryTests: XCTestCase {
    private let steps = GradientSteps(workers: 6, deviations: [1, 1e-11, 3e-10, 1])

    func testUnitsThatAreRememberedGoOnWithTheSameBitsOnAnotherNumberOfRanks() throws {
        let whole = try steps.outcomes()[0]
        for (first, second) in [(1, 3), (3, 1), (4, 2)] {
            let memory = try steps.outcomes(ranks: first)[0].memories[1]
            var rest = steps
            rest.shares.removeFirst(2)
            let goingOn = try rest.outcomes(ranks: second, adjust: { if $0 == 0 { $1.memory = memory } })
            for outcome in goingOn {
                XCTAssertEqual(outcome.gradients, Array(whole.gradients[2...]))
                XCTAssertEqual(outcome.memories, Array(whole.memories[2...]))
            }
        }
    }

    func testUnitsThatAreForgottenGoOnDifferently() throws {
        let whole = try steps.outcomes()[0]
        let forgetful = try steps.outcomes(adjust: { if $0 == 1 { $1.memory = $1.memory.map { _ in -1000 } } })[0]
        XCTAssertEqual(forgetful.gradients[0], whole.gradients[0])
        XCTAssertNotEqual(forgetful.gradients[1], whole.gradients[1])
        // Without units the sum is exact.
        assertSameBits(
            forgetful.gradients[1][0], steps.exactSum(step: 1, parameter: 0).map { Float($0) }, "after forgetting")
    }

    func testMemoryIsTheExponentOfEachUnit() throws {
        var steps = GradientSteps(workers: 2, deviations: [1, 1, 1])
        let (ones, zeros) = ([Float](repeating: 1, count: 17), [Float](repeating: 0, count: 6))
        steps.shares[0] = [[ones, [-0x1p20], zeros], [ones, [0], zeros]]
        steps.shares[1] = [[ones.map { $0 / 8 }, [0x1p12], zeros.dropLast() + [1]], [ones, [0x1p40], zeros]]
        steps.shares[2] = [[ones, [0x1p41], zeros], [ones.map { -$0 }, [-0x1p40], zeros]]
        // Of the sums 2 and −2²⁰, of 1.125, 2⁴⁰ + 2¹² and 1, and of 0, 2⁴⁰ and 0.
        XCTAssertEqual(
            try steps.outcomes()[0].memories, [[-34, -15, -1000], [-35, 5, -35], [-35, 5, -35]])
    }

    func testAFloatingPointSumRemembersNothing() throws {
        let outcome = try steps.outcomes(ranks: 2, sums: { FloatingPointSums($0) })[0]
        XCTAssertEqual(outcome.memories, [[], [], [], []])
    }
}
