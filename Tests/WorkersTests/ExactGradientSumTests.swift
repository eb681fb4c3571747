import Kernels
import TestSupport
import Workers
import XCTest

/// Gradients of all workers, added up as integers whose unit follows each parameter's own gradients.
final class ExactGradientSumTests: XCTestCase {
    private let workers = 9

    func testTheFirstStepIsTheExactSumAtAnyScale() throws {
        for deviation in [1e-35, 1e-13, 1, 3e35] {
            let steps = GradientSteps(workers: workers, deviations: [deviation])
            let gradients = try steps.outcomes()[0].gradients[0]
            for (parameter, gradient) in gradients.enumerated() {
                assertSameBits(
                    gradient, steps.exactSum(step: 0, parameter: parameter).map { Float($0) }, "\(deviation)")
            }
        }
    }

    func testLaterStepsErrByHalfAUnitAWorkerAtMost() throws {
        let steps = GradientSteps(workers: workers, deviations: [1, 0.1, 3, 1e-3])
        let outcome = try steps.outcomes()[0]
        for step in 1..<4 {
            for (parameter, gradient) in outcome.gradients[step].enumerated() {
                // 2⁻³⁵ of the largest gradient of the step before.
                let largest = outcome.gradients[step - 1][parameter].map(abs).max() ?? 0
                let unit = exp2(Double(largest.exponent) - 35)
                for (value, sum) in zip(gradient, steps.exactSum(step: step, parameter: parameter)) {
                    let accuracy = Double(workers) * unit / 2 + Double(Float(sum).ulp) / 2
                    XCTAssertEqual(Double(value), sum, accuracy: accuracy, "step \(step)")
                }
            }
        }
    }

    func testTheBitsAreTheSameOnAnyNumberOfRanks() throws {
        // In steps 3 and 5 every share is too large for its unit; in step 4 none is.
        var steps = GradientSteps(workers: workers, deviations: [1, 0.7, 1e-6, 1e2, 3, 1e20])
        // In step 1 that of one worker alone; in step 2 one worker has no images.
        steps.shares[1][4][0][3] = 1e6
        steps.shares[2][7] = []
        let alone = try steps.outcomes()[0]
        for ranks in [2, 3, 4, 9] {
            for outcome in try steps.outcomes(ranks: ranks) {
                XCTAssertEqual(outcome.bits, alone.bits, "\(ranks) ranks")
                XCTAssertEqual(outcome.memories, alone.memories, "\(ranks) ranks")
                XCTAssertEqual(outcome.sums, alone.sums, "\(ranks) ranks")
            }
        }
        XCTAssertTrue(alone.sums.allSatisfy { $0.lostParameter == nil })
    }

    func testAShareThatIsTooLargeForTheUnitIsAddedExactlyAndOnlyThatOne() throws {
        var steps = GradientSteps(workers: workers, deviations: [1, 1])
        // Below the unit of about 2⁻³⁴, so that each share in units loses it.
        for worker in 0..<workers { steps.shares[1][worker][0] = Array(repeating: 0x1p-40, count: 17) }
        steps.shares[1][6][0] = (0..<17).map { 1e5 + Float($0) * 0.1 }
        for ranks in 1...4 {
            for outcome in try steps.outcomes(ranks: ranks) {
                assertSameBits(outcome.gradients[1][0], steps.shares[1][6][0], "\(ranks) ranks")
            }
        }
        // A share that is apart keeps what the unit would lose.
        steps.shares[1][6][0] = [1e5, -0x1p-60] + Array(repeating: 0, count: 15)
        XCTAssertEqual(try steps.outcomes()[0].gradients[1][0].prefix(3), [1e5, -0x1p-60, 0])
    }

    /// Where the share that is apart has zeros, the others' gradients come out as they do without it.
    func testSharesInUnitsKeepTheirDigitsBesideOneThatIsApart() throws {
        var without = GradientSteps(workers: workers, deviations: [1, 1])
        for place in 0..<17 { without.shares[1][2][0][place] = 0 }
        var with = without
        with.shares[1][2][0][0] = 1e5
        let expected = try without.outcomes()[0].gradients[1][0]
        for ranks in 1...4 {
            for outcome in try with.outcomes(ranks: ranks) {
                assertSameBits(Array(outcome.gradients[1][0][1...]), Array(expected[1...]), "\(ranks) ranks")
                XCTAssertEqual(outcome.gradients[1][0][0], 1e5 + expected[0])
            }
        }
    }

    func testASumOfSharesInUnitsAndApartIsRoundedOnce() throws {
        var steps = GradientSteps(workers: 3, deviations: [1, 1])
        // 2²⁴ is the last place of a Float above 2⁴⁷: half of it and a little more round up.
        let share: [Float] = [0x1p47, 0x1p23, 0x1p-3]
        for worker in 0..<3 { steps.shares[1][worker][0] = Array(repeating: share[worker], count: 17) }
        for ranks in 1...3 {
            XCTAssertEqual(
                try steps.outcomes(ranks: ranks).map { $0.gradients[1][0][16] },
                Array(repeating: 0x1p47 + 0x1p24, count: ranks))
        }
    }

    /// One message a step, and another for each parameter some of whose shares are apart.
    func testMessagesAreOfTheParametersThatNeedThem() throws {
        let counter = MessageCounter()
        let sum = ExactSums(counter).gradientSum(sizes: [17, 1, 6], for: "the gradients")
        func messages(_ shares: [Int: Float]) throws -> [Int] {
            let before = counter.sizes.count
            sum.begin()
            for (parameter, value) in shares {
                sum.add(Array(repeating: value, count: 17), toParameter: parameter)
            }
            let tensors = UnsafeMutableBufferPointer<Float>.allocate(capacity: 17)
            defer { tensors.deallocate() }
            _ = try sum.reduce { _ in tensors.baseAddress! }
            return Array(counter.sizes[before...])
        }
        // The values; lost and wide shares of each parameter; six digits of loss, lost losses and ranks that stop.
        let first = 24 + 2 * 3 + 6 + 2
        XCTAssertEqual(try messages([:]), [first])
        XCTAssertEqual(try messages([0: 1, 2: 0]), [first, 6 * 17], "zeros need no unit")
        XCTAssertEqual(try messages([0: 1, 1: 2, 2: 3]), [first, 6, 6 * 6])
        XCTAssertEqual(try messages([0: 1, 1: 2, 2: 3]), [first])
        XCTAssertEqual(try messages([0: 1, 1: 1e5, 2: 3]), [first, 6])
        XCTAssertEqual(try messages([0: 1, 1: 1e5, 2: 3]), [first])
        XCTAssertEqual(try messages([0: .nan, 1: 2, 2: 3]), [first], "what is lost is not sent")
        XCTAssertTrue(counter.purposes.allSatisfy { $0 == "the gradients" })
    }

    func testAStepWithoutAnyGradientGivesZerosAndLeavesTheUnitsAlone() throws {
        var steps = GradientSteps(workers: workers, deviations: [1, 1, 1])
        steps.shares[0] = Array(repeating: [], count: workers)
        steps.shares[2] = Array(repeating: GradientSteps.sizes.map { Array(repeating: 0, count: $0) }, count: workers)
        for ranks in [1, 3] {
            for outcome in try steps.outcomes(ranks: ranks) {
                for step in [0, 2] {
                    XCTAssertEqual(outcome.gradients[step], GradientSteps.sizes.map { Array(repeating: 0, count: $0) })
                }
                XCTAssertEqual(outcome.memories[0], [-1000, -1000, -1000])
                XCTAssertEqual(outcome.memories[2], outcome.memories[1])
                XCTAssertTrue(outcome.memories[1].allSatisfy { (-40 ... -30).contains($0) })
            }
        }
    }

    func testLossesAddUpAndAStopIsHeardEverywhere() throws {
        let steps = GradientSteps(workers: workers, deviations: [1, 1, 1])
        let losses = (0..<3).map { step in
            FixedPointSum.gradients.value(
                of: steps.shares[step].reduce(into: [Int64](repeating: 0, count: 6)) {
                    XCTAssertTrue(FixedPointSum.gradients.add(Double($1[0][0]), to: &$0))
                })
        }
        for ranks in 1...4 {
            let outcomes = try onRanks(ranks) { rank, transport in
                let sum = ExactSums(transport).gradientSum(sizes: [1], for: "the gradients")
                return try (0..<3).map { step in
                    sum.begin()
                    for worker in Hosting(workers: 9, ranks: ranks, rank: rank).hosted {
                        sum.add(loss: Double(steps.shares[step][worker][0][0]))
                    }
                    if step == 1 && rank == ranks - 1 { sum.requestStop() }
                    var gradient: Float = .nan
                    return try withUnsafeMutablePointer(to: &gradient) { gradient in try sum.reduce { _ in gradient } }
                }
            }
            for outcome in outcomes {
                XCTAssertEqual(outcome.map(\.loss), losses)
                XCTAssertEqual(outcome.map(\.wantsStop), [false, true, false])
            }
        }
    }
}
