import Datasets
import XCTest

/// Batches that have images of a few classes only.
final class BatchMixtureTests: XCTestCase {
    /// Batches of all steps of an epoch of a worker.
    private func batches(_ epoch: Int, of worker: Int, from sampler: inout Sampler) -> [[Int]] {
        (0..<sampler.stepsPerEpoch).map { Array(sampler.batch(epoch: epoch, step: $0, worker: worker)) }
    }

    private func sampler(
        _ labels: [UInt8], workers: Int, batch: Int, _ batches: BatchMixture, by division: ShardDivision = .iid,
        isReshuffled: Bool = false
    ) -> Sampler {
        Sampler(
            shards: Shards(of: labels, workers: workers, seed: 1, by: division), batch: batch, seed: 1,
            isReshuffled: isReshuffled, batches: batches)
    }

    /// Class frequencies: equal, uneven, one that is rare, one that has nearly everything.
    private let frequencies: [[Int]] = [
        Array(repeating: 130, count: 10), [400, 300, 200, 100, 50, 25, 12, 6, 3, 1], [1, 999], [1, 1, 1, 1, 1, 1295],
        [640], [64, 64, 64, 64],
    ]

    func testEveryBatchHasAtMostAsManyClassesAndEveryImageIsSeenOnceAnEpoch() {
        for frequencies in frequencies {
            let labels = frequencies.enumerated().flatMap { Array(repeating: UInt8($0), count: $1) }
            for (classes, batch, workers) in [(2, 16, 1), (2, 16, 3), (3, 16, 2), (5, 7, 2), (2, 5, 4), (9, 4, 2)] {
                var sampler = sampler(labels, workers: workers, batch: batch, .coherent(classes: classes))
                for epoch in 0..<2 {
                    for worker in 0..<workers {
                        let batches = batches(epoch, of: worker, from: &sampler)
                        XCTAssertEqual(
                            batches.flatMap { $0 }.sorted(), sampler.shards.indices(ofWorker: worker).sorted())
                        for (step, images) in batches.enumerated() {
                            XCTAssertEqual(images.count, sampler.batchSize(step: step, worker: worker))
                            XCTAssertLessThanOrEqual(
                                Set(images.map { labels[$0] }).count, classes, "\(frequencies), batches of \(batch)")
                        }
                    }
                }
            }
        }
    }

    /// One class more than full batches, the least that two classes a batch can do with, also where a few images are left.
    func testOneClassMoreThanFullBatchesIsPossible() {
        let cases = [
            [8, 8], [1, 31], [1, 2, 29], [15, 16, 1], [1, 1, 14], [2, 15, 15], [16, 16, 16], [10, 27, 27],
            [1, 7, 25, 31],
            [12, 12, 12, 12], [1, 1, 17], [9, 10, 20], [1, 1, 46], [13, 13, 13, 13, 13],
        ]
        for frequencies in cases {
            let labels = frequencies.enumerated().flatMap { Array(repeating: UInt8($0), count: $1) }
            for size in [4, 8, 16, 32] where frequencies.count <= labels.count / size + 1 {
                var sampler = sampler(labels, workers: 1, batch: size, .coherent(classes: 2))
                for images in batches(0, of: 0, from: &sampler) {
                    XCTAssertLessThanOrEqual(
                        Set(images.map { labels[$0] }).count, 2, "\(frequencies) in batches of \(size)")
                }
            }
        }
    }

    func testMostBatchesHaveNearlyEquallyManyImagesOfEachOfTheirClasses() {
        // 6000 images to train on, 360 to look at: 94 batches a worker, and eleven full ones of 32.
        for (images, workers, size) in [(6000, 4, 16), (360, 1, 32), (720, 1, 32)] {
            let labels = (0..<images).map { UInt8($0 % 10) }
            var sampler = sampler(labels, workers: workers, batch: size, .coherent(classes: 2))
            let full = batches(0, of: 0, from: &sampler).filter { $0.count == size }
            let rarer = full.map { images in
                let counts = Dictionary(grouping: images) { labels[$0] }.values.map(\.count)
                return counts.count == 1 ? 0 : counts.min() ?? 0
            }
            XCTAssertGreaterThan(rarer.count { 4 * $0 >= size }, full.count * 7 / 10, "\(rarer.sorted())")
        }
    }

    /// Ten classes in pairs: a class is among those of one batch in five, of the first half of an epoch too.
    func testTheClassesChangeFromBatchToBatchAndAreAllSeenAlike() {
        let labels = (0..<6400).map { UInt8($0 % 10) }
        var sampler = sampler(labels, workers: 2, batch: 16, .coherent(classes: 2))
        let classes = batches(0, of: 1, from: &sampler).map { Set($0.map { labels[$0] }) }
        XCTAssertGreaterThan(Set(classes).count, 35, "of 45 pairs")
        for label in UInt8(0)..<10 {
            XCTAssertEqual(Double(classes.prefix(100).count { $0.contains(label) }), 20, accuracy: 14, "\(label)")
        }
        XCTAssertNotEqual(classes, batches(1, of: 1, from: &sampler).map { Set($0.map { labels[$0] }) })
        XCTAssertNotEqual(classes, batches(0, of: 0, from: &sampler).map { Set($0.map { labels[$0] }) })
    }

    func testTheOrderDoesNotDependOnWhatWasAskedBefore() {
        let labels = (0..<700).map { UInt8($0 * 3 % 10) }
        for isReshuffled in [false, true] {
            var forwards = sampler(
                labels, workers: 3, batch: 16, .coherent(classes: 2), by: .dirichlet(1), isReshuffled: isReshuffled)
            var backwards = forwards
            let expected = (0..<3).map { batches($0, of: 2, from: &forwards) }
            for epoch in [2, 0, 1] { XCTAssertEqual(batches(epoch, of: 2, from: &backwards), expected[epoch]) }
        }
    }

    /// More classes than two batches can do with.
    func testFewerBatchesThanClassesHaveAllImagesAllTheSame() {
        let labels: [UInt8] = [0, 1, 2, 3, 4, 5, 6]
        var sampler = sampler(labels, workers: 2, batch: 4, .coherent(classes: 2))
        XCTAssertEqual(
            (0..<2).flatMap { batches(0, of: $0, from: &sampler).flatMap { $0 } }.sorted(), Array(0..<7))
    }

    func testMixedBatchesAreThoseOfTheShuffledShard() {
        let labels = (0..<500).map { UInt8($0 % 10) }
        var mixed = sampler(labels, workers: 3, batch: 16, .mixed)
        var plain = Sampler(shards: Shards(count: 500, workers: 3, seed: 1), batch: 16, seed: 1)
        XCTAssertEqual(batches(4, of: 1, from: &mixed), batches(4, of: 1, from: &plain))
    }

    func testNamesReadBack() {
        XCTAssertEqual(BatchMixture(rawValue: "mixed"), .mixed)
        XCTAssertEqual(BatchMixture(rawValue: "coherent:2"), .coherent(classes: 2))
        for mixture in [BatchMixture.mixed, .coherent(classes: 12)] {
            XCTAssertEqual(BatchMixture(rawValue: mixture.rawValue), mixture)
        }
        for text in ["", "coherent", "coherent:", "coherent:02", "coherent:2.5", "coherent:nan", "mixed:2"] {
            XCTAssertNil(BatchMixture(rawValue: text), text)
        }
    }
}
