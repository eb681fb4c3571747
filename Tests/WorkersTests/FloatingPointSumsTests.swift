import TestSupport
import Workers
import XCTest

/// Gradients that are added up in Float, worker by worker and then over the ranks.
final class FloatingPointSumsTests: XCTestCase {
    func testOnOneRankTheWorkersAreAddedInTheirOrder() throws {
        let steps = GradientSteps(workers: 5, deviations: [1, 1e-8, 1e8])
        let outcome = try steps.outcomes(sums: { FloatingPointSums($0) })[0]
        for (step, gradients) in outcome.gradients.enumerated() {
            for (parameter, gradient) in gradients.enumerated() {
                let sums = gradient.indices.map { place in
                    steps.shares[step].reduce(Float(0)) { $0 + $1[parameter][place] }
                }
                assertSameBits(gradient, sums, "step \(step)")
            }
            XCTAssertEqual(outcome.sums[step].loss, steps.shares[step].reduce(0.0) { $0 + Double($1[0][0]) })
        }
    }

    func testOnSeveralRanksTheSumIsNearTheExactOneAndTheSameOnEach() throws {
        let steps = GradientSteps(workers: 8, deviations: [1])
        for ranks in 2...4 {
            let outcomes = try steps.outcomes(ranks: ranks, sums: { FloatingPointSums($0) })
            for outcome in outcomes {
                for (parameter, gradient) in outcome.gradients[0].enumerated() {
                    assertClose(
                        gradient.map(Double.init), steps.exactSum(step: 0, parameter: parameter), tolerance: 1e-6,
                        "\(ranks) ranks")
                }
                XCTAssertEqual(outcome.bits, outcomes[0].bits)
            }
        }
    }

    func testAGradientThatIsNotFiniteNamesItsParameterOnEveryRank() throws {
        for value in [Float.nan, .infinity, -.infinity] {
            var steps = GradientSteps(workers: 5, deviations: [1, 1])
            steps.shares[0][4][2][5] = value
            for outcome in try steps.outcomes(ranks: 3, sums: { FloatingPointSums($0) }) {
                XCTAssertEqual(outcome.sums.map(\.lostParameter), [2, nil])
            }
        }
        var steps = GradientSteps(workers: 5, deviations: [1])
        for worker in 0..<5 { steps.shares[0][worker][1][0] = 0x1p126 }
        XCTAssertEqual(try steps.outcomes(sums: { FloatingPointSums($0) })[0].sums[0].lostParameter, 1)
    }

    func testAStopAndALostParameterAreHeardEverywhere() throws {
        let outcomes = try onRanks(3) { rank, transport in
            let sum = FloatingPointSums(transport).gradientSum(sizes: [1, 1], for: "the gradients")
            return try (0..<2).map { step in
                sum.begin()
                if rank == 2 && step == 0 {
                    sum.requestStop()
                    sum.markLost(1)
                }
                sum.add(loss: 0.5)
                var gradient: Float = .nan
                return try withUnsafeMutablePointer(to: &gradient) { gradient in try sum.reduce { _ in gradient } }
            }
        }
        for outcome in outcomes {
            XCTAssertEqual(outcome.map(\.wantsStop), [true, false])
            XCTAssertEqual(outcome.map(\.lostParameter), [1, nil])
            XCTAssertEqual(outcome.map(\.loss), [1.5, 1.5])
        }
    }

    /// Half the bytes of an exact message, and never a further one.
    func testTheMessagesAreTheValuesAndTheCounts() throws {
        let counter = MessageCounter()
        let sum = FloatingPointSums(counter).gradientSum(sizes: [17, 3], for: "the gradients")
        let gradient = UnsafeMutableBufferPointer<Float>.allocate(capacity: 17)
        defer { gradient.deallocate() }
        for share in [1, 1e30] as [Float] {
            sum.begin()
            sum.add(Array(repeating: share, count: 17), toParameter: 0)
            _ = try sum.reduce { _ in gradient.baseAddress! }
        }
        XCTAssertEqual(counter.sizes, [20, 4, 20, 4])
    }
}
