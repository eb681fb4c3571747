import Autograd
import TestSupport
import Workers
import XCTest

/// A run is a function of its configuration, never of how many ranks carried it out: the same bits in every loss, every
/// parameter and every running statistic.
final class RankIndependenceTests: TrainingTestCase {
    func testPerWorkerStatistics() throws { try assertSameBits(Setting(normalization: .batch(.worker))) }

    func testStatisticsOfTheWorld() throws { try assertSameBits(Setting(normalization: .batch(.world))) }

    func testStatisticsOfNodesThatSpanRanks() throws {
        try assertSameBits(Setting(normalization: .batch(.workers(2))))
        try assertSameBits(Setting(normalization: .batch(.workers(5))))
    }

    func testGhostBatches() throws {
        try assertSameBits(Setting(normalization: .batch(.ghost(1))))
        try assertSameBits(Setting(normalization: .batch(.ghost(3))))
    }

    /// Corrections from the second batch on.
    func testBatchRenormalization() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .world] {
            var choice = NormChoice(name: "brn")
            choice.settings.statistics = statistics
            choice.settings.renormalizationWarmUp = 1
            try assertSameBits(Setting(normalization: choice))
        }
    }

    func testRootMeanSquareNormalization() throws {
        try assertSameBits(Setting(normalization: NormChoice(name: "rms")))
    }

    func testGroupNormalization() throws { try assertSameBits(Setting(normalization: .group)) }

    func testLayerNormalization() throws { try assertSameBits(Setting(normalization: .layer)) }

    func testInstanceNormalization() throws { try assertSameBits(Setting(normalization: .instance)) }

    func testNoNormalization() throws { try assertSameBits(Setting(normalization: .none)) }

    func testTwelveWorkersOfUnevenShards() throws {
        for statistics in [StatisticsGroup.worker, .world, .workers(4)] {
            try assertSameBits(
                Setting(normalization: .batch(statistics), images: 91, workers: 12, batch: 3), steps: 0..<12)
        }
    }

    func testBatchesThatAreCutIntoSeveralSlices() throws {
        // The second convolution reads and writes 8×8 pixels of 32 channels.
        XCTAssertEqual(BatchLayout(images: 100).slices(bytesPerImage: 8 * 8 * (32 + 32) * 4).count, 13)
        for statistics in [StatisticsGroup.worker, .world, .ghost(30)] {
            try assertSameBits(
                Setting(normalization: .batch(statistics), images: 510, workers: 5, batch: 100), steps: 0..<4)
        }
    }

    func testMoreWorkersThanImages() throws {
        for statistics in [StatisticsGroup.worker, .world, .workers(3)] {
            try assertSameBits(
                Setting(normalization: .batch(statistics), images: 4, workers: 12, batch: 2), steps: 0..<5)
        }
    }

    func testCumulativeRunningStatisticsWithoutAffinePart() throws {
        for statistics in [StatisticsGroup.worker, .world] {
            let choice = NormChoice.batch(statistics) {
                $0.momentum = .cumulative
                $0.affine = false
                $0.biased = true
            }
            try assertSameBits(Setting(normalization: choice), steps: 0..<6)
        }
    }

    func testTheLastStepOfAnEpochLeavesWorkersAndRanksWithoutImages() throws {
        // What the tests above rely on: 41 images for 10 workers in batches of 4.
        let sampler = try Setting(normalization: .none).run(on: world).task.sampler
        XCTAssertEqual(sampler.stepsPerEpoch, 2)
        XCTAssertEqual((0..<10).map { sampler.batchSize(step: 0, worker: $0) }, Array(repeating: 4, count: 10))
        XCTAssertEqual((0..<10).map { sampler.batchSize(step: 1, worker: $0) }, [1] + Array(repeating: 0, count: 9))
    }

    func testStatisticsGroupsLeadToDifferentRuns() throws {
        // If they did not, the tests above would show nothing.
        let groups: [StatisticsGroup] = [.ghost(1), .ghost(3), .worker, .workers(2), .workers(5), .world]
        let losses = try groups.map { try Setting(normalization: .batch($0)).run(on: world).train(steps: 0..<3)[2] }
        XCTAssertEqual(Set(losses).count, groups.count, "\(losses)")
    }

    private func assertSameBits(
        _ setting: Setting, steps: Range<Int> = 0..<20, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let (shared, single) = (try setting.run(on: world), try setting.run(on: alone))
        let (losses, expected) = (try shared.train(steps: steps), try single.train(steps: steps))
        XCTAssertTrue(losses.allSatisfy(\.isFinite), "\(losses)", file: file, line: line)
        XCTAssertEqual(losses.map(\.bitPattern), expected.map(\.bitPattern), file: file, line: line)
        for (parameter, twin) in zip(shared.network.parameters, single.network.parameters) {
            TestSupport.assertSameBits(
                parameter.tensor.array, twin.tensor.array, parameter.name, file: file, line: line)
        }
        for (state, twin) in zip(shared.network.state, single.network.state) {
            let width = twin.floats.count / twin.rows.count
            TestSupport.assertSameBits(
                state.floats, state.rows.flatMap { twin.floats[$0 * width..<($0 + 1) * width] }, state.name,
                file: file, line: line)
            let counts = state.role == .batchCount ? Array(twin.counts[state.rows]) : []
            XCTAssertEqual(state.counts, counts, state.name, file: file, line: line)
        }
    }
}
