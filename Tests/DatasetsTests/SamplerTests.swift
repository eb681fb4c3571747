import Datasets
import XCTest

final class SamplerTests: XCTestCase {
    /// Images and workers: even, uneven, more workers than images, one worker, no image.
    private let divisions = [(12, 4), (13, 4), (15, 4), (3, 5), (7, 1), (0, 3), (100, 32)]

    func testEveryImageIsInExactlyOneShard() {
        for (count, workers) in divisions {
            let shards = Shards(count: count, workers: workers, seed: 1)
            let all = (0..<workers).flatMap { shards.indices(ofWorker: $0) }
            XCTAssertEqual(all.sorted(), Array(0..<count))
        }
    }

    func testShardSizesDifferByAtMostOneTheLargerFirst() {
        let shards = Shards(count: 15, workers: 4, seed: 1)
        XCTAssertEqual((0..<4).map { shards.size(ofWorker: $0) }, [4, 4, 4, 3])
        XCTAssertEqual((0..<4).map { shards.indices(ofWorker: $0).count }, [4, 4, 4, 3])
        let sparse = Shards(count: 3, workers: 5, seed: 1)
        XCTAssertEqual((0..<5).map { sparse.size(ofWorker: $0) }, [1, 1, 1, 0, 0])
    }

    func testShardsTogetherAreOnePermutationForAnyNumberOfWorkers() {
        let whole = Array(Shards(count: 100, workers: 1, seed: 3).indices(ofWorker: 0))
        for workers in [2, 7, 32] {
            let shards = Shards(count: 100, workers: workers, seed: 3)
            XCTAssertEqual((0..<workers).flatMap { shards.indices(ofWorker: $0) }, whole)
        }
        XCTAssertNotEqual(whole, Array(0..<100))
        XCTAssertNotEqual(whole, Array(Shards(count: 100, workers: 1, seed: 4).indices(ofWorker: 0)))
    }

    func testEveryWorkerSeesItsShardOnceAnEpoch() {
        for (count, workers) in divisions {
            var sampler = sampler(count: count, workers: workers, batch: 4)
            for worker in 0..<workers {
                let seen = epoch(2, of: worker, from: &sampler)
                XCTAssertEqual(seen.sorted(), sampler.shards.indices(ofWorker: worker).sorted())
            }
        }
    }

    func testNumberOfStepsIsThatOfTheLargestShardRoundedUp() {
        // 13 over 4 workers: the largest shard has 4 images; 100 over 32: also 4; 3 over 5: 1.
        XCTAssertEqual(sampler(count: 13, workers: 4, batch: 1).stepsPerEpoch, 4)
        XCTAssertEqual(sampler(count: 13, workers: 4, batch: 2).stepsPerEpoch, 2)
        XCTAssertEqual(sampler(count: 13, workers: 4, batch: 3).stepsPerEpoch, 2)
        XCTAssertEqual(sampler(count: 13, workers: 4, batch: .max).stepsPerEpoch, 1)
        XCTAssertEqual(sampler(count: 0, workers: 4, batch: 3).stepsPerEpoch, 0)
    }

    func testLastBatchIsSmallerOrEmptyButNotDropped() {
        // Shards of 4, 3, 3, 3 images in batches of 3: the second step has one image left, of the first worker.
        var sampler = sampler(count: 13, workers: 4, batch: 3)
        XCTAssertEqual((0..<4).map { sampler.batch(epoch: 0, step: 0, worker: $0).count }, [3, 3, 3, 3])
        XCTAssertEqual((0..<4).map { sampler.batch(epoch: 0, step: 1, worker: $0).count }, [1, 0, 0, 0])
        XCTAssertEqual((0..<4).map { sampler.batchSize(step: 1, worker: $0) }, [1, 0, 0, 0])
    }

    func testGlobalBatchIsTheSumOverTheWorkers() {
        let uneven = sampler(count: 13, workers: 4, batch: 3)
        XCTAssertEqual((0..<2).map(uneven.globalBatch(step:)), [12, 1])
        for (count, workers) in divisions {
            var sampler = sampler(count: count, workers: workers, batch: 4)
            let globalBatches = (0..<sampler.stepsPerEpoch).map(sampler.globalBatch(step:))
            XCTAssertEqual(globalBatches.reduce(0, +), count)
            for (step, globalBatch) in globalBatches.enumerated() {
                let sum = (0..<workers).reduce(0) { $0 + sampler.batch(epoch: 5, step: step, worker: $1).count }
                XCTAssertEqual(globalBatch, sum)
            }
        }
    }

    func testBatchesDoNotDependOnWhatWasAskedBefore() {
        var everything = sampler(count: 101, workers: 4, batch: 3)
        var batches: [[Int]: [Int]] = [:]
        for epoch in 0..<3 {
            for step in 0..<everything.stepsPerEpoch {
                for worker in 0..<4 {
                    let batch = everything.batch(epoch: epoch, step: step, worker: worker)
                    batches[[epoch, step, worker]] = Array(batch)
                }
            }
        }
        var backwards = sampler(count: 101, workers: 4, batch: 3)
        for worker in [2, 0] {
            for epoch in [2, 0, 1] {
                for step in (0..<backwards.stepsPerEpoch).reversed() {
                    let batch = backwards.batch(epoch: epoch, step: step, worker: worker)
                    XCTAssertEqual(Array(batch), batches[[epoch, step, worker]])
                }
            }
        }
    }

    func testOrderIsAnotherInEachEpochAndForEachWorkerAndSeed() {
        var sampler = sampler(count: 200, workers: 2, batch: 8)
        let first = epoch(0, of: 0, from: &sampler)
        XCTAssertNotEqual(epoch(1, of: 0, from: &sampler), first)
        XCTAssertNotEqual(first, Array(sampler.shards.indices(ofWorker: 0)))
        var otherSeed = Sampler(shards: sampler.shards, batch: 8, seed: 2)
        XCTAssertNotEqual(epoch(0, of: 0, from: &otherSeed), first)
        // The places that both workers' orders take within their shards.
        let places = (0..<2).map { worker in
            let shard = Array(sampler.shards.indices(ofWorker: worker))
            return epoch(0, of: worker, from: &sampler).compactMap { shard.firstIndex(of: $0) }
        }
        XCTAssertNotEqual(places[0], places[1])
    }

    func testOrderDoesNotDependOnTheBatch() {
        var small = sampler(count: 50, workers: 3, batch: 1)
        var large = sampler(count: 50, workers: 3, batch: 16)
        XCTAssertEqual(epoch(4, of: 2, from: &small), epoch(4, of: 2, from: &large))
    }

    /// Shards of 5, 5, 4: with batches of 2 the third step would have 1, 1 and 0 images.
    func testALastStepIsDroppedUnlessEveryWorkerHasAWholeBatch() {
        var dropping = Sampler(
            shards: Shards(count: 14, workers: 3, seed: 1), batch: 2, seed: 1, dropsLastBatch: true)
        XCTAssertEqual(dropping.stepsPerEpoch, 2)
        XCTAssertEqual((0..<2).map(dropping.batchSizes(step:)), [[2, 2, 2], [2, 2, 2]])
        XCTAssertEqual(dropping.imagesPerEpoch, 12)
        XCTAssertEqual(dropping.shareOfLastStep, 1)
        // The steps that are left are those without dropping, and other images are left out in another epoch.
        var using = Sampler(shards: dropping.shards, batch: 2, seed: 1)
        XCTAssertEqual(using.stepsPerEpoch, 3)
        XCTAssertEqual(using.imagesPerEpoch, 14)
        XCTAssertEqual(using.shareOfLastStep, 2.0 / 6)
        for (step, worker) in [(0, 0), (1, 2)] {
            XCTAssertEqual(
                Array(dropping.batch(epoch: 3, step: step, worker: worker)),
                Array(using.batch(epoch: 3, step: step, worker: worker)))
        }
        XCTAssertEqual(
            Sampler(shards: dropping.shards, batch: 5, seed: 1, dropsLastBatch: true).stepsPerEpoch, 0,
            "one worker has fewer images than a batch")
    }

    func testReshuffledShardsHaveEveryImageOnceInEveryEpochAndMoveImagesBetweenWorkers() {
        let shards = Shards(count: 101, workers: 4, seed: 1)
        var sampler = Sampler(shards: shards, batch: 7, seed: 1, isReshuffled: true)
        var sets: [[Set<Int>]] = []
        for number in 0..<3 {
            let workers = (0..<4).map { epoch(number, of: $0, from: &sampler) }
            XCTAssertEqual(workers.flatMap { $0 }.sorted(), Array(0..<101))
            XCTAssertEqual(workers.map(\.count), [26, 25, 25, 25])
            sets.append(workers.map(Set.init))
        }
        XCTAssertNotEqual(sets[0], sets[1])
        XCTAssertNotEqual(sets[1], sets[2])
        // Whatever was asked before.
        var other = Sampler(shards: shards, batch: 7, seed: 1, isReshuffled: true)
        XCTAssertEqual(epoch(2, of: 3, from: &other), epoch(2, of: 3, from: &sampler))
        XCTAssertEqual(Set(epoch(0, of: 1, from: &other)), sets[0][1])
    }

    private func sampler(count: Int, workers: Int, batch: Int) -> Sampler {
        Sampler(shards: Shards(count: count, workers: workers, seed: 1), batch: batch, seed: 1)
    }

    private func epoch(_ epoch: Int, of worker: Int, from sampler: inout Sampler) -> [Int] {
        (0..<sampler.stepsPerEpoch).flatMap { Array(sampler.batch(epoch: epoch, step: $0, worker: worker)) }
    }
}
