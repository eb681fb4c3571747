import Kernels
import TestSupport
import Workers
import XCTest

/// Gradients of some workers in a few steps, and what a sum makes of them.
struct GradientSteps: Sendable {
    /// Step × worker × parameter: a share; a worker without one has no images in that step.
    var shares: [[[[Float]]]]
    static let sizes = [17, 1, 6]

    /// Normally distributed shares whose deviation in a step is a factor of that step.
    init(workers: Int, deviations: [Double]) {
        shares = deviations.enumerated().map { step, deviation in
            (0..<workers).map { worker in
                Self.sizes.enumerated().map { parameter, size in
                    randomFloats(size, UInt64(100 * step + 10 * worker + parameter), deviation: deviation)
                }
            }
        }
    }

    /// What every rank got out of every step.
    struct Outcome: Sendable {
        /// Step × parameter.
        var gradients: [[[Float]]] = []
        var sums: [StepSums] = []
        /// Behind each step.
        var memories: [[Int64]] = []
    }

    /// Adds up the shares, each times a factor, with the workers spread over ranks.
    ///
    /// - Parameter adjust: called on every rank before each step.
    func outcomes(
        ranks: Int = 1, factor: Float = 1,
        sums makeSums: @escaping @Sendable (any Transport) -> any Sums = { ExactSums($0) },
        adjust: @escaping @Sendable (_ step: Int, any GradientSum) -> Void = { _, _ in }
    ) throws -> [Outcome] {
        let steps = self
        return try onRanks(ranks) { rank, transport in
            let hosted = Hosting(workers: steps.shares[0].count, ranks: ranks, rank: rank).hosted
            let sum = makeSums(transport).gradientSum(sizes: Self.sizes, for: "the gradients")
            var outcome = Outcome()
            for (step, workers) in steps.shares.enumerated() {
                adjust(step, sum)
                outcome.sums.append(try Self.reduce(workers[hosted], factor, sum, into: &outcome.gradients))
                outcome.memories.append(sum.memory)
            }
            return outcome
        }
    }

    private static func reduce(
        _ workers: ArraySlice<[[Float]]>, _ factor: Float, _ sum: any GradientSum, into gradients: inout [[[Float]]]
    ) throws -> StepSums {
        sum.begin()
        for worker in workers {
            for (parameter, share) in worker.enumerated() {
                sum.add(share.map { factor * $0 }, toParameter: parameter)
            }
            if let first = worker.first?.first { sum.add(loss: Double(first)) }
        }
        let tensors = sizes.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: $0) }
        defer { for tensor in tensors { tensor.deallocate() } }
        for tensor in tensors { tensor.initialize(repeating: .nan) }
        let sums = try sum.reduce { tensors[$0].baseAddress! }
        gradients.append(tensors.map(Array.init))
        return sums
    }

    /// The exact sum over all workers, rounded to Double.
    func exactSum(step: Int, parameter: Int) -> [Double] {
        (0..<Self.sizes[parameter]).map { place in
            var digits = [Int64](repeating: 0, count: FixedPointSum.gradients.digitCount)
            for worker in shares[step] where !worker.isEmpty {
                XCTAssertTrue(FixedPointSum.gradients.add(Double(worker[parameter][place]), to: &digits))
            }
            return FixedPointSum.gradients.value(of: digits)
        }
    }
}

extension GradientSteps.Outcome {
    /// All gradients of all steps.
    var bits: [UInt32] { gradients.flatMap { $0.flatMap { $0.map(\.bitPattern) } } }
}
