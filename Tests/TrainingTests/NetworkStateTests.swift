import Foundation
import MPI
import Models
import Normalization
import Safetensors
import Training
import XCTest

final class NetworkStateTests: TrainingTestCase {
    func testDigestOfAKnownState() throws {
        // Python: hashlib.sha256(struct.pack('<32f', bias…, weight…, β, γ, running means…, running variances…))
        XCTAssertEqual(
            try state(of: networkWithKnownValues()).digest,
            "f86635db570ab0c910e64570759406775899760d9c7f202359820c6dfd3ba489")
    }

    func testTheFileHoldsEverySetOfEveryRank() throws {
        let file = try state(of: networkWithKnownValues()).file
        XCTAssertEqual(
            file.names,
            [
                "dense.bias", "dense.weight", "normalization.beta", "normalization.gamma", "normalization.runningMean",
                "normalization.runningVariance",
            ])
        XCTAssertEqual(
            file["normalization.runningMean"], StoredTensor([0.25, -0.75, 3, -2, 8] as [Float], shape: [5, 1]))
        XCTAssertEqual(
            file["normalization.runningVariance"], StoredTensor([1, 2, 0.125, 0.5, 4] as [Float], shape: [5, 1]))
        XCTAssertEqual(file["dense.weight"]?.shape, [10, 1])
    }

    func testTheDigestChangesWithASingleBitOfAnyTensor() throws {
        let state = try state(of: networkWithKnownValues())
        var digests: Set<String> = [state.digest]
        for name in state.file.names {
            let network = networkWithKnownValues()
            var file = state.file
            var values = try file.floats(named: name)
            values[0] = values[0].nextUp
            file[name] = StoredTensor(values, shape: file[name]?.shape ?? [])
            try saved(file).restore(network)
            digests.insert(try self.state(of: network).digest)
        }
        XCTAssertEqual(digests.count, 1 + state.file.names.count)
    }

    func testRestoredOnAnotherNumberOfRanksItIsTheSameState() throws {
        for statistics in [StatisticsGroup.worker, .workers(2), .world, .ghost(2)] {
            let setting = Setting(normalization: .batch(statistics))
            let run = setting.run(on: world)
            _ = try run.train(steps: 0..<3)
            let state = try NetworkState(run.network, workers: setting.workers, communicator: world)
            let single = setting.run(on: alone).network
            XCTAssertNotEqual(
                try NetworkState(single, workers: setting.workers, communicator: alone).digest, state.digest)
            try saved(state.file).restore(single)
            let restored = try NetworkState(single, workers: setting.workers, communicator: alone)
            XCTAssertEqual(restored.digest, state.digest, "\(statistics)")

            let shared = setting.run(on: world).network
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

    func testElementsOfAnotherTypeAreRefused() throws {
        try assertRefused(naming: ["dense.bias", "F64", "F32"]) {
            $0["dense.bias"] = StoredTensor(Array(repeating: 1.0, count: 10), shape: [10])
        }
    }

    func testAStateOfAnotherNetworkIsRefused() throws {
        let setting = Setting(normalization: .group)
        let other = try NetworkState(setting.run(on: alone).network, workers: 10, communicator: alone)
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
            network.bias.tensor.pointer[output] = Float(output) / 8
            network.weight.tensor.pointer[output] = -Float(output) / 4
        }
        network.normalization?.beta?.pointer[0] = 0.5
        network.normalization?.gamma?.pointer[0] = 1.5
        if let running = network.normalization?.running {
            for set in 0..<running.setCount {
                running.mean.row(set)[0] = [0.25, -0.75, 3, -2, 8][running.firstSet + set]
                running.variance.row(set)[0] = [1, 2, 0.125, 0.5, 4][running.firstSet + set]
            }
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
        return try NetworkState(contentsOf: path)
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
