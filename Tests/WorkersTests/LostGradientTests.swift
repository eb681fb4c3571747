import TestSupport
import Workers
import XCTest

/// A gradient or a loss that can't be summed is known on every rank.
final class LostGradientTests: XCTestCase {
    private let workers = 5

    func testAGradientThatIsNotFiniteNamesItsParameterWithOrWithoutAUnit() throws {
        for step in [0, 1] {
            for value in [Float.nan, .infinity, -.infinity] {
                for (parameter, place) in [(0, 3), (0, 16), (1, 0), (2, 5)] {
                    var steps = GradientSteps(workers: workers, deviations: [1, 1, 1])
                    steps.shares[step][workers - 1][parameter][place] = value
                    for ranks in [1, 3] {
                        for outcome in try steps.outcomes(ranks: ranks) {
                            XCTAssertEqual(
                                outcome.sums.map(\.lostParameter), (0..<3).map { $0 == step ? parameter : nil },
                                "\(value) at \(place) of \(parameter)")
                        }
                    }
                }
            }
        }
    }

    func testOfSeveralTheFirstIsNamed() throws {
        var steps = GradientSteps(workers: workers, deviations: [1])
        steps.shares[0][0][2][0] = .nan
        steps.shares[0][4][1][0] = .infinity
        for ranks in 1...3 {
            XCTAssertEqual(
                try steps.outcomes(ranks: ranks).map { $0.sums[0].lostParameter }, Array(repeating: 1, count: ranks))
        }
    }

    func testAParameterThatIsMarkedIsNamed() throws {
        let named = try onRanks(2) { rank, transport in
            let sum = ExactSums(transport).gradientSum(sizes: [1, 1], for: "the gradients")
            sum.begin()
            if rank == 1 { sum.markLost(1) }
            var gradient: Float = .nan
            return try withUnsafeMutablePointer(to: &gradient) { gradient in try sum.reduce { _ in gradient } }
                .lostParameter
        }
        XCTAssertEqual(named, [1, 1])
    }

    /// Every share is finite, but a Float does not hold their sum.
    func testASumBeyondFloatIsLost() throws {
        for step in [0, 1] {
            var steps = GradientSteps(workers: workers, deviations: [3e37, 3e37])
            for worker in 0..<workers { steps.shares[step][worker][2][4] = 0x1p127 }
            for ranks in 1...3 {
                for outcome in try steps.outcomes(ranks: ranks) {
                    XCTAssertEqual(outcome.sums.map(\.lostParameter), (0..<2).map { $0 == step ? 2 : nil })
                }
            }
        }
    }

    /// Four shares in units of 2⁷⁹ are beyond what the wide digits take at once, though the fifth, which is too large for
    /// the unit, would bring the sum back.
    func testSharesInUnitsBeyondFloatAreLostAlsoBesideOneThatIsApart() throws {
        var steps = GradientSteps(workers: workers, deviations: [0, 0])
        steps.shares[0][0][0][7] = 0x1p114
        for worker in 0..<4 { steps.shares[1][worker][0][7] = 0x1.8p126 }
        steps.shares[1][4][0][7] = -0x1.8p127
        for ranks in [1, 2, 5] {
            for outcome in try steps.outcomes(ranks: ranks) {
                XCTAssertEqual(outcome.memories[0][0], 79)
                XCTAssertEqual(outcome.sums.map(\.lostParameter), [nil, 0], "\(ranks) ranks")
            }
        }
    }

    func testALossThatIsNotFiniteOrTooLargeIsLostOnEveryRank() throws {
        for value in [Double.nan, .infinity, 0x1p128] {
            let losses = try onRanks(3) { rank, transport in
                let sum = ExactSums(transport).gradientSum(sizes: [], for: "the gradients")
                sum.begin()
                sum.add(loss: rank == 1 ? value : 1)
                return try sum.reduce { _ in preconditionFailure("there is no parameter") }.loss
            }
            XCTAssertTrue(losses.allSatisfy(\.isNaN), "\(value)")
        }
    }
}
