import Datasets
import XCTest

/// How images are divided among workers when it is not at random.
final class ShardDivisionTests: XCTestCase {
    private let divisions: [ShardDivision] = [
        .iid, .sorted, .dirichlet(1e-6), .dirichlet(0.1), .dirichlet(1), .dirichlet(1e6),
    ]

    /// Labels of a file in no particular order, 0 to `classes` − 1 nearly equally often.
    private func labels(_ count: Int, classes: Int = 10) -> [UInt8] {
        (0..<count).map { UInt8(($0 * 7 + $0 / 13) % classes) }
    }

    /// Of each worker the number of images of each class.
    private func classCounts(_ shards: Shards, _ labels: [UInt8], classes: Int = 10) -> [[Int]] {
        (0..<shards.workers).map { worker in
            shards.indices(ofWorker: worker).reduce(into: Array(repeating: 0, count: classes)) {
                $0[Int(labels[$1])] += 1
            }
        }
    }

    func testEveryImageIsInExactlyOneShardAndSizesDifferByAtMostOne() {
        for division in divisions {
            for (count, workers) in [(120, 4), (121, 4), (123, 4), (3, 5), (7, 1), (0, 3), (500, 32)] {
                for epoch in [nil, 0, 7] {
                    let shards = Shards(
                        of: labels(count), workers: workers, seed: 1, by: division, epoch: epoch)
                    let ofWorkers = (0..<workers).map { Array(shards.indices(ofWorker: $0)) }
                    XCTAssertEqual(ofWorkers.flatMap { $0 }.sorted(), Array(0..<count), "\(division)")
                    XCTAssertEqual(ofWorkers.map(\.count), (0..<workers).map { shards.size(ofWorker: $0) })
                    XCTAssertLessThanOrEqual(shards.size(ofWorker: 0) - shards.size(ofWorker: workers - 1), 1)
                }
            }
        }
    }

    func testTheSeedAndTheEpochDecide() {
        let labels = labels(200)
        for division in divisions {
            func divided(_ seed: UInt64, _ epoch: Int? = nil) -> [[Int]] {
                let shards = Shards(of: labels, workers: 4, seed: seed, by: division, epoch: epoch)
                return (0..<4).map { Array(shards.indices(ofWorker: $0)) }
            }
            XCTAssertEqual(divided(1), divided(1), "\(division)")
            XCTAssertEqual(Set([divided(1), divided(2), divided(1, 0), divided(1, 1)]).count, 4, "\(division)")
        }
    }

    /// The shards of runs that were made before there was a choice.
    func testAtRandomIsWhatItIsWithoutLabels() {
        let (labels, count) = (labels(101), 101)
        for epoch in [nil, 3] {
            let (chosen, plain) = (
                Shards(of: labels, workers: 4, seed: 9, by: .iid, epoch: epoch),
                Shards(count: count, workers: 4, seed: 9, epoch: epoch)
            )
            for worker in 0..<4 { XCTAssertEqual(chosen.indices(ofWorker: worker), plain.indices(ofWorker: worker)) }
        }
    }

    /// 40 images of each of ten classes over four workers: two and a half classes each.
    func testSortedShardsAreBlocksOfTheImagesSortedByClass() {
        let labels = (0..<400).map { UInt8($0 % 10) }
        let shards = Shards(of: labels, workers: 4, seed: 1, by: .sorted)
        XCTAssertEqual(
            classCounts(shards, labels),
            [
                [40, 40, 20, 0, 0, 0, 0, 0, 0, 0], [0, 0, 20, 40, 40, 0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0, 40, 40, 20, 0, 0], [0, 0, 0, 0, 0, 0, 0, 20, 40, 40],
            ])
        // Which images of a class that two workers share each of them has is left to chance.
        let third = shards.indices(ofWorker: 0).filter { labels[$0] == 2 }
        XCTAssertNotEqual(Set(third), Set((0..<20).map { 10 * $0 + 2 }))
    }

    /// Before any class is used up, a worker's images are independent draws by its shares q, and E Σq² of the symmetric
    /// Dirichlet distribution over C classes is (a + 1)/(C·a + 1): how often its first two images are of one class.
    func testDirichletSharesHaveTheirClosedForm() {
        let (workers, images) = (2000, 80_000)
        let labels = (0..<images).map { UInt8($0 % 10) }
        for concentration in [0.1, 1, 10] {
            let shards = Shards(of: labels, workers: workers, seed: 1, by: .dirichlet(concentration))
            let pairs = (0..<workers).count { worker in
                let first = shards.indices(ofWorker: worker).prefix(2).map { labels[$0] }
                return first[0] == first[1]
            }
            let expected = (concentration + 1) / (10 * concentration + 1)
            let error = (expected * (1 - expected) / Double(workers)).squareRoot()
            XCTAssertEqual(Double(pairs) / Double(workers), expected, accuracy: 4 * error, "a = \(concentration)")
        }
    }

    /// The share of the most frequent class, mean over the workers: most of a shard at one end (not all, since classes are
    /// used up), as at random at the other.
    func testTheSmallerTheConcentrationTheMoreUnlikeTheShards() {
        let labels = (0..<6000).map { UInt8($0 % 10) }
        func purity(_ division: ShardDivision) -> Double {
            let counts = classCounts(Shards(of: labels, workers: 20, seed: 3, by: division), labels)
            return counts.reduce(0) { $0 + Double($1.max() ?? 0) / Double($1.reduce(0, +)) } / 20
        }
        let purities = [1e6, 10, 1, 0.1, 1e-6].map { purity(.dirichlet($0)) }
        XCTAssertEqual(purities, purities.sorted())
        XCTAssertEqual(purities[0], purity(.iid), accuracy: 0.01)
        XCTAssertGreaterThan(purities[4], 0.6)
    }

    /// As many classes as workers cannot tell where there is but one.
    func testASingleClassAndASingleWorkerAreDividedToo() {
        for division in divisions {
            let single = Shards(of: Array(repeating: 3, count: 10), workers: 3, seed: 1, by: division)
            XCTAssertEqual((0..<3).map { single.size(ofWorker: $0) }, [4, 3, 3])
        }
    }

    func testReshuffledShardsAreDividedInTheSameWayInEveryEpoch() {
        let labels = (0..<400).map { UInt8($0 % 10) }
        for division in divisions {
            var sampler = Sampler(
                shards: Shards(of: labels, workers: 4, seed: 1, by: division), batch: 8, seed: 1, isReshuffled: true)
            for epoch in 0..<3 {
                let expected = Shards(of: labels, workers: 4, seed: 1, by: division, epoch: epoch)
                for worker in 0..<4 {
                    let seen = (0..<sampler.stepsPerEpoch).flatMap {
                        Array(sampler.batch(epoch: epoch, step: $0, worker: worker))
                    }
                    XCTAssertEqual(seen.sorted(), expected.indices(ofWorker: worker).sorted(), "\(division)")
                }
            }
        }
    }

    func testNamesReadBack() {
        for (text, division) in [
            ("iid", ShardDivision.iid), ("sorted", .sorted), ("dirichlet:0.1", .dirichlet(0.1)),
            ("dirichlet:1", .dirichlet(1)), ("dirichlet:1e-06", .dirichlet(1e-6)),
        ] {
            XCTAssertEqual(ShardDivision(rawValue: text), division)
            XCTAssertEqual(division.rawValue, text)
        }
        for text in [
            "", "iid:1", "dirichlet", "dirichlet:", "dirichlet:nan", "dirichlet:inf", "dirichlet:1:2", "Sorted",
        ] {
            XCTAssertNil(ShardDivision(rawValue: text), text)
        }
    }
}
