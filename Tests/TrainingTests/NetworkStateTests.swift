import Foundation
import MPI
import Safetensors
import TestSupport
import Training
import Workers
import XCTest

final class NetworkStateTests: TrainingTestCase {
    func testDigestOfAKnownState() throws {
        // Python: hashlib.sha256(struct.pack('<20f', bias…, weight…) + struct.pack('<5q', batch counts…)
        //     + struct.pack('<12f', β, γ, running means…, running variances…))
        XCTAssertEqual(
            try state(of: networkWithKnownValues()).digest,
            "fec247c870b7bea44e2e82dc17897ae1c5b98b217771e8b4d5799823dd9bfef8")
    }

    func testTheFileHoldsEverySetOfEveryRank() throws {
        let file = try state(of: networkWithKnownValues()).file
        XCTAssertEqual(
            file.names,
            [
                "dense.bias", "dense.weight", "normalization.batchCounts", "normalization.beta", "normalization.gamma",
                "normalization.runningMean", "normalization.runningVariance",
            ])
        XCTAssertEqual(
            file["normalization.runningMean"], StoredTensor([0.25, -0.75, 3, -2, 8] as [Float], shape: [5, 1]))
        XCTAssertEqual(
            file["normalization.runningVariance"], StoredTensor([1, 2, 0.125, 0.5, 4] as [Float], shape: [5, 1]))
        XCTAssertEqual(file["normalization.batchCounts"], StoredTensor([3, 0, 7, 1, 12] as [Int64], shape: [5]))
        XCTAssertEqual(file["dense.weight"]?.shape, [10, 1])
        XCTAssertEqual(file.metadata, ["format": "normtrain"])
    }

    func testTheFileKeepsEveryBit() throws {
        let network = networkWithKnownValues()
        let special: [Float] = [-0.0, .leastNonzeroMagnitude, .infinity, -.nan, Float(nan: 77, signaling: false)]
        let kept = network.normalization!.ownState[0]
        for (row, set) in kept.rows.enumerated() { network.normalization!.running.mean.row(row)[0] = special[set] }
        assertSameBits(
            try saved(state(of: network).file).file.floats(named: "normalization.runningMean"), special, "running means"
        )
    }

    /// Of sets that several ranks keep the file has one.
    func testTheFileHoldsTheSetsOfNodesAndOfTheWorld() throws {
        for (statistics, sets) in [(StatisticsGroup.worker, 6), (.workers(2), 3), (.workers(3), 2), (.world, 1)] {
            let network = TinyNetwork(
                statistics: statistics, hosting: Hosting(workers: 6, ranks: world.size, rank: world.rank))
            let running = network.normalization!.running
            for (row, set) in network.normalization!.ownState[0].rows.enumerated() {
                running.mean.row(row)[0] = Float(2 * set)
                running.variance.row(row)[0] = Float(1 + set)
                running.batchCounts.values[row] = Int64(100 - set)
            }
            let file = try NetworkState(network, workers: 6, communicator: world).file
            XCTAssertEqual(try file.floats(named: "normalization.runningMean"), (0..<sets).map { Float(2 * $0) })
            XCTAssertEqual(try file.floats(named: "normalization.runningVariance"), (0..<sets).map { Float(1 + $0) })
            XCTAssertEqual(try file.integers(named: "normalization.batchCounts"), (0..<sets).map { Int64(100 - $0) })
        }
    }

    func testTheDigestChangesWithASingleBitOfAnyTensor() throws {
        let state = try state(of: networkWithKnownValues())
        var digests: Set<String> = [state.digest]
        for name in state.file.names {
            let network = networkWithKnownValues()
            var file = state.file
            let tensor = try file.tensor(named: name)
            switch tensor.elements {
            case .float32(var values):
                values[0] = values[0].nextUp
                file[name] = StoredTensor(values, shape: tensor.shape)
            case .int64(var values):
                values[0] ^= 1
                file[name] = StoredTensor(values, shape: tensor.shape)
            default: XCTFail("\(name) holds \(tensor.elementType)")
            }
            try saved(file).restore(network)
            digests.insert(try self.state(of: network).digest)
        }
        XCTAssertEqual(digests.count, 1 + state.file.names.count)
    }

    func testRestoredOnAnotherNumberOfRanksItIsTheSameState() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .world, .ghost(2)] {
            let setting = Setting(normalization: .batch(statistics))
            let run = try setting.run(on: world)
            _ = try run.train(steps: 0..<3)
            let state = try run.state()
            let single = try setting.run(on: alone).network
            XCTAssertNotEqual(
                try NetworkState(single, workers: setting.workers, communicator: alone).digest, state.digest)
            try saved(state.file).restore(single)
            let restored = try NetworkState(single, workers: setting.workers, communicator: alone)
            XCTAssertEqual(restored.digest, state.digest, "\(statistics)")

            let shared = try setting.run(on: world).network
            try restored.restore(shared)
            XCTAssertEqual(
                try NetworkState(shared, workers: setting.workers, communicator: world).digest, state.digest)
        }
    }

    func testAMissingTensorIsRefused() throws {
        for name in try state(of: networkWithKnownValues()).file.names {
            try assertRefused(naming: [name, "another model"]) { $0[name] = nil }
        }
    }

    func testATensorThatTheNetworkHasNotIsRefused() throws {
        try assertRefused(naming: ["dense2.bias", "not of this network"]) {
            $0["dense2.bias"] = StoredTensor([1] as [Float], shape: [1])
        }
    }

    func testATensorOfAnotherShapeIsRefused() throws {
        try assertRefused(naming: ["dense.weight", "[1, 10]", "[10, 1]"]) {
            $0["dense.weight"] = StoredTensor(Array(repeating: Float(1), count: 10), shape: [1, 10])
        }
    }

    func testRunningStatisticsOfAnotherNumberOfWorkersAreRefused() throws {
        try assertRefused(naming: ["normalization.runningVariance", "[3, 1]", "[5, 1]"]) {
            $0["normalization.runningVariance"] = StoredTensor(Array(repeating: Float(1), count: 3), shape: [3, 1])
        }
    }

    func testBatchCountsThatAreNoIntegersAreRefused() throws {
        try assertRefused(naming: ["normalization.batchCounts", "F32", "I64"]) {
            $0["normalization.batchCounts"] = StoredTensor(Array(repeating: Float(1), count: 5), shape: [5])
        }
    }

    func testElementsOfAnotherTypeAreRefused() throws {
        try assertRefused(naming: ["dense.bias", "F64", "F32"]) {
            $0["dense.bias"] = StoredTensor(Array(repeating: 1.0, count: 10), shape: [10])
        }
    }

    func testAStateOfAnotherNetworkIsRefused() throws {
        let setting = Setting(normalization: .group)
        let other = try setting.run(on: alone).state()
        let network = networkWithKnownValues()
        let digest = try state(of: network).digest
        XCTAssertThrowsError(try saved(other.file).restore(network))
        XCTAssertEqual(try state(of: network).digest, digest)
    }

    private func assertRefused(
        naming words: [String], file: StaticString = #filePath, line: UInt = #line, change: (inout TensorFile) -> Void
    ) throws {
        let network = networkWithKnownValues()
        let digest = try state(of: network).digest
        var tensors = try state(of: TinyNetwork(statistics: .worker, hosting: hosting)).file
        change(&tensors)
        let wrong = try saved(tensors)
        let errors = try errorsOfAllRanks { try wrong.restore(network) }
        for error in errors {
            for word in words + ["weights.safetensors"] {
                XCTAssertTrue(error.contains(word), "\(error) lacks \(word)", file: file, line: line)
            }
            XCTAssertFalse(error.contains("\n"), error, file: file, line: line)
            XCTAssertTrue(error.hasSuffix("."), error, file: file, line: line)
        }
        XCTAssertEqual(try state(of: network).digest, digest, "the network changed", file: file, line: line)
    }

    private lazy var hosting = Hosting(workers: 5, ranks: world.size, rank: world.rank)

    private func networkWithKnownValues() -> TinyNetwork {
        let network = TinyNetwork(statistics: .worker, hosting: hosting)
        for output in 0..<10 {
            network.dense.bias.pointer[output] = Float(output) / 8
            network.dense.weight.pointer[output] = -Float(output) / 4
        }
        guard let norm = network.normalization else { return network }
        norm.affine.beta?.pointer[0] = 0.5
        norm.affine.gamma?.pointer[0] = 1.5
        for (row, set) in norm.ownState[0].rows.enumerated() {
            norm.running.mean.row(row)[0] = [0.25, -0.75, 3, -2, 8][set]
            norm.running.variance.row(row)[0] = [1, 2, 0.125, 0.5, 4][set]
            norm.running.batchCounts.values[row] = [3, 0, 7, 1, 12][set]
        }
        return network
    }

    private func state(of network: TinyNetwork) throws -> NetworkState {
        try NetworkState(network, workers: 5, communicator: world)
    }

    /// The state as a file of this rank holds it.
    private func saved(_ file: TensorFile) throws -> NetworkState {
        let path = folder.appendingPathComponent("weights.safetensors").path
        try file.write(to: path)
        return try NetworkState(bytes: Array(Data(contentsOf: URL(fileURLWithPath: path))), path: path)
    }

    private lazy var folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("NetworkStateTests-\(UUID().uuidString)")

    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(at: folder)
        try super.tearDownWithError()
    }
}
