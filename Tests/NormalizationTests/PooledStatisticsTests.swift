import Autograd
import Kernels
import Normalization
import TestSupport
import Workers
import XCTest

final class PooledStatisticsTests: XCTestCase {
    /// The law of total variance; the averaged variances alone lack the spread of the means.
    func testPooledStatisticsOfEquallyLargeSetsAreThoseOfAllTheirData() {
        let (sets, values) = (4, 500)
        let data = (0..<sets).map { set in
            randomFloats(values, UInt64(set), mean: Double(set * set), deviation: 1 + Double(set))
        }
        let statistics = data.map(moments)
        // Rounded to Float as running statistics are, so that the test compares with what was pooled.
        let (means, variances) = (statistics.map { Float($0.mean) }, statistics.map { Float($0.variance) })
        let pooled = ChannelStatistics.pooled(means: means, variances: variances, batches: [7, 7, 7, 7])
        let all = moments(data.flatMap { $0 })
        XCTAssertEqual(pooled.mean[0], all.mean, accuracy: 1e-6 * all.mean)
        XCTAssertEqual(pooled.variance[0], all.variance, accuracy: 1e-6 * all.variance)
        let averaged = variances.reduce(0.0) { $0 + Double($1) } / Double(sets)
        XCTAssertLessThan(averaged, 0.5 * all.variance)
    }

    /// Sets whose statistics Float holds exactly, in two channels: {−1, 1}, {1, 5}, {8, 8}, {−6, −4}, and their doubles.
    func testPooledStatisticsEqualTheClosedForm() {
        let pooled = ChannelStatistics.pooled(
            means: [0, 0, 3, 6, 8, 16, -5, -10], variances: [1, 4, 4, 16, 0, 0, 1, 4], batches: [1, 1, 1, 1])
        let all: [Float] = [-1, 1, 1, 5, 8, 8, -6, -4]
        let exact = moments(all)
        XCTAssertEqual(pooled.mean[0], exact.mean, accuracy: 1e-10)
        XCTAssertEqual(pooled.variance[0], exact.variance, accuracy: 1e-10)
        XCTAssertEqual(pooled.mean[1], 2 * exact.mean, accuracy: 1e-10)
        XCTAssertEqual(pooled.variance[1], 4 * exact.variance, accuracy: 1e-10)
    }

    /// Of workers without images.
    func testSetsThatHaveSeenNoBatchAreLeftOut() {
        func pooled(_ batches: [Int64]) -> ChannelStatistics {
            .pooled(means: [1, 0, 3, 0], variances: [2, 1, 4, 1], batches: batches)
        }
        XCTAssertEqual(pooled([5, 0, 5, 0]).mean, [2])
        XCTAssertEqual(pooled([5, 0, 5, 0]).variance, [4])
        XCTAssertEqual(pooled([0, 0, 0, 0]).mean, [1])
    }

    /// One set of six images, {−1, 1, 1, 1, 5, 5} in three batches, and one of two, {8, 10} in one: as their eight images.
    func testASetCountsAsOftenAsItHasSeenBatches() {
        let sets: [[Float]] = [[-1, 1, 1, 1, 5, 5], [8, 10]]
        let statistics = sets.map(moments)
        let pooled = ChannelStatistics.pooled(
            means: statistics.map { Float($0.mean) }, variances: statistics.map { Float($0.variance) },
            batches: [3, 1])
        let all = moments(sets.flatMap { $0 })
        XCTAssertEqual(pooled.mean[0], all.mean, accuracy: 1e-6)
        XCTAssertEqual(pooled.variance[0], all.variance, accuracy: 1e-5)
    }

    func testEvaluationPoolsTheSetsKeptHereUnlessOthersAreGiven() throws {
        let norm = BatchNormalization(
            name: "norm", channels: 1, options: BatchNormalization.Options(statistics: .worker, epsilon: 0),
            hosting: Hosting(workers: 2))
        _ = norm.running.mean.values.update(from: [1, 3])
        _ = norm.running.variance.values.update(from: [2, 4])
        let x = Tensor([6], shape: [1, 1, 1, 1])
        func evaluate(_ statistics: [String: ChannelStatistics]) throws -> [Float] {
            let tape = Tape(layout: BatchLayout(images: 1))
            return try norm(x, ForwardContext(tape, mode: .evaluation, statistics: statistics)).array
        }
        // Mean 2, variance 3 + 1.
        XCTAssertEqual(try evaluate([:]), [2])
        XCTAssertEqual(try evaluate(["norm": ChannelStatistics(mean: [2], variance: [16])]), [1])
        XCTAssertEqual(try evaluate(["another": ChannelStatistics(mean: [2], variance: [16])]), [2])
        XCTAssertEqual(norm.running.batchCounts.values, [0, 0])
    }

    private func moments(_ values: [Float]) -> (mean: Double, variance: Double) {
        values.withUnsafeBufferPointer(VarianceFormula.twoPass.callAsFunction)
    }
}
