import Autograd
import XCTest

/// Once the pool has seen a step of each size, it asks the heap for nothing more.
final class AllocationTests: TrainingTestCase {
    override func setUpWithError() throws {
        try super.setUpWithError()
        try XCTSkipUnless(BufferPool.reusesMemory, "under a sanitizer each buffer comes from the heap")
    }

    func testFullStepsAfterTheFirstTakeNothingFromTheHeap() throws {
        for normalization in normalizations {
            let run = try Setting(normalization: normalization, images: 240, workers: 6, batch: 8).run(on: world)
            XCTAssertEqual(run.task.stepsPerEpoch, 5)
            _ = try run.train(steps: 0..<1)
            let count = BufferPool.allocationCount
            _ = try run.train(steps: 1..<8)
            XCTAssertEqual(BufferPool.allocationCount, count, "\(normalization)")
        }
    }

    func testLaterEpochsTakeNothingFromTheHeap() throws {
        for normalization in normalizations {
            let run = try Setting(normalization: normalization, images: 69, workers: 6, batch: 5).run(on: world)
            _ = try run.train(steps: 0..<3)
            let count = BufferPool.allocationCount
            _ = try run.train(steps: 3..<9)
            XCTAssertEqual(BufferPool.allocationCount, count, "\(normalization)")
        }
    }

    private let normalizations: [NormChoice] = [
        .batch(.worker), .batch(.world), .batch(.ghost(3)), .batch(.workers(2)), .group, .instance, .none,
    ]
}
