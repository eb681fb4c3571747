import Datasets
import MPI
import MPITests
import XCTest

/// Tests that compare a run on the ranks of the world with the same run on one rank.
class TrainingTestCase: MPITestCase {
    /// A communicator of this rank alone, which then hosts all workers.
    private(set) var alone: Communicator!

    override func setUpWithError() throws {
        try super.setUpWithError()
        alone = try world.split(color: world.rank, key: 0)
    }

    override func tearDown() {
        alone = nil
        super.tearDown()
    }

    /// What `body` throws, as every rank describes it.
    func errorsOfAllRanks(_ body: () throws -> Void) throws -> [String] {
        var description = "nothing thrown"
        do { try body() } catch { description = "\(error)" }
        return try world.allgather(description)
    }
}

/// Small pictures, the same everywhere.
enum Digits {
    static let all: Dataset = {
        do { return try Dataset.source("digits").load() } catch { fatalError("\(error)") }
    }()

    /// The first `train` training images and the first `test` test images.
    static func first(_ train: Int, test: Int = 60) -> Dataset {
        Dataset(name: "digits", train: all.train.subset(Array(0..<train)), test: all.test.subset(Array(0..<test)))
    }
}

/// The largest difference as a share of the largest expected magnitude.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    precondition(values.count == expected.count, "\(values.count) values, \(expected.count) expected")
    let scale = expected.map { abs(Double($0)) }.max() ?? 0
    let error = zip(values, expected).map { abs(Double($0) - Double($1)) }.max() ?? 0
    return error == 0 ? 0 : error / scale
}
