import Autograd
import Foundation
import MPI
import Models
import Normalization
import Safetensors
import Training
import XCTest

/// Weights that PyTorch saved, and weights for PyTorch.
final class PyTorchStateTests: TrainingTestCase {
    private let choices: [(name: String, choice: NormalizationChoice)] = [
        ("bn", .batch(.worker)), ("bn", .batch(.world)), ("gn", .group), ("ln", .layer), ("in", .instance),
        ("none", .none),
    ]

    /// As many running statistics as workers, on any number of ranks.
    func testTheStateDictOfPyTorchGivesTheLogitsOfPyTorch() throws {
        let answers = try golden("pytorch-logits")
        let images = Tensor(
            try answers.floats(named: "images"), shape: try answers.tensor(named: "images").shape)
        for (name, choice) in choices {
            let network = network(choice)
            let leavesOut = try read(stateDict(for: choice)).restore(network)
            XCTAssertEqual(leavesOut, ["gn", "ln", "in"].contains(name), name)
            let tape = Tape(layout: BatchLayout(images: images.shape[0]), isRecording: false)
            let logits = try network.logits(images, mode: .evaluation, on: tape, inspect: nil)
            let expected = try answers.floats(named: "\(name).logits")
            XCTAssertLessThanOrEqual(relativeError(logits.array, expected), 1e-5, name)
        }
    }

    func testWhatPyTorchSavedIsWrittenAgainWithEveryNameShapeAndBit() throws {
        for (name, choice) in choices where ["bn", "none"].contains(name) {
            let network = network(choice)
            let saved = try stateDict(for: choice)
            try read(saved).restore(network)
            let written = try exported(network, batches: 100).file
            XCTAssertEqual(written.names, saved.names)
            for tensor in saved.names { XCTAssertEqual(written[tensor], saved[tensor], "\(name): \(tensor)") }
        }
    }

    func testEveryWorkerBeginsWithTheRunningStatistics() throws {
        let network = network(.batch(.worker))
        let file = try stateDict(for: .batch(.worker))
        try read(file).restore(network)
        for layer in network.batchNormalizations {
            let running = layer.running
            XCTAssertEqual(running.batchCounts, Array(repeating: 100, count: running.setCount))
            for (name, tensor) in [("running_mean", running.mean), ("running_var", running.variance)] {
                let values = try file.floats(named: "\(layer.name).\(name)")
                XCTAssertEqual(tensor.array, Array(repeating: values, count: running.setCount).flatMap { $0 })
            }
        }
    }

    func testBatchNormMayBeginWithoutRunningStatistics() throws {
        let network = network(.batch(.worker))
        var file = try stateDict(for: .batch(.worker))
        for name in file.names where name.contains("running") || name.hasSuffix("tracked") { file[name] = nil }
        XCTAssertFalse(try read(file).restore(network))
        for layer in network.batchNormalizations {
            XCTAssertTrue(layer.running.mean.array.allSatisfy { $0 == 0 })
            XCTAssertTrue(layer.running.variance.array.allSatisfy { $0 == 1 })
            XCTAssertEqual(layer.gamma?.array, try file.floats(named: "\(layer.name).weight"))
        }
    }

    func testAnExportedNetworkIsTheSameAfterItIsImported() throws {
        for (name, choice) in choices {
            let run = Setting(normalization: choice).run(on: world)
            _ = try run.train(steps: 0..<3)
            let first = try exported(run.network, batches: 3)
            let network = network(choice)
            try read(first.file).restore(network)
            let again = try exported(network, batches: 3)
            XCTAssertEqual(try again.file.serialized(), try first.file.serialized(), name)
            guard choice != .batch(.worker) else { continue }
            XCTAssertEqual(try state(network).digest, try state(run.network).digest, name)
        }
    }

    /// Means 0 and 4, variances 1 and 3: the mean 2, the variance (1 + 3)/2 + 4, by the law of total variance.
    func testTheStatisticsAreThoseOfTheChoice() throws {
        let network = TinyNetwork(statistics: .worker, hosting: Hosting(workers: 2))
        network.normalization?.running.mean.values[1] = 4
        network.normalization?.running.variance.values[1] = 3
        let state = try NetworkState(network, workers: 2, communicator: alone)
        for (choice, mean, variance) in [(EvaluationStatistics.pooled, 2, 6), (.worker0, 0, 1)] as [(_, Float, Float)] {
            let file = PyTorchState(state, statistics: try state.statistics(choice), batches: 5).file
            XCTAssertEqual(file["normalization.running_mean"], StoredTensor([mean], shape: [1]))
            XCTAssertEqual(file["normalization.running_var"], StoredTensor([variance], shape: [1]))
            XCTAssertEqual(file["normalization.num_batches_tracked"], StoredTensor([5 as Int64], shape: []))
        }
    }

    func testWhatDoesNotFitIsRefusedNamingFileTensorAndShape() throws {
        let channels = Array(repeating: Float(1), count: 32)
        let changes: [(words: [String], change: (inout TensorFile) -> Void)] = [
            (["no tensor normalization3.bias"], { $0["normalization3.bias"] = nil }),
            (["no tensor normalization2.running_var"], { $0["normalization2.running_var"] = nil }),
            (["no tensor normalization5.num_batches_tracked"], { $0["normalization5.num_batches_tracked"] = nil }),
            (
                ["tensor normalization1.weight", "[4, 8]", "[32]"],
                { $0["normalization1.weight"] = StoredTensor(channels, shape: [4, 8]) }
            ),
            (
                ["takes no tensor convolution1.bias", "[32]"],
                { $0["convolution1.bias"] = StoredTensor(channels, shape: [32]) }
            ),
            (
                ["takes no tensor other.running_mean"],
                { $0["other.running_mean"] = StoredTensor(channels, shape: [32]) }
            ),
            (
                ["tensor dense.bias", "F64", "F32"],
                { $0["dense.bias"] = StoredTensor(Array(repeating: 1.0, count: 10), shape: [10]) }
            ),
            (
                ["tensor normalization1.bias holds nan"],
                { $0["normalization1.bias"] = StoredTensor(channels.dropLast() + [.nan], shape: [32]) }
            ),
            (
                ["tensor normalization1.running_var holds -1.0"],
                { $0["normalization1.running_var"] = StoredTensor(channels.dropLast() + [-1], shape: [32]) }
            ),
            (
                ["tensor normalization1.num_batches_tracked holds \(Int64.max)"],
                { $0["normalization1.num_batches_tracked"] = StoredTensor([Int64.max], shape: []) }
            ),
            (
                ["normtrain export"],
                { $0["normalization1.gamma"] = StoredTensor(channels, shape: [32]) }
            ),
        ]
        let network = network(.batch(.worker))
        let digest = try state(network).digest
        for (words, change) in changes {
            var file = try stateDict(for: .batch(.worker))
            change(&file)
            let wrong = try read(file)
            for error in try errorsOfAllRanks({ try wrong.restore(network) }) {
                for word in words + ["state.safetensors"] { XCTAssertTrue(error.contains(word), "\(error): \(word)") }
                XCTAssertTrue(error.hasSuffix(".") && !error.contains("\n"), error)
            }
            XCTAssertEqual(try state(network).digest, digest, "\(words): the network changed")
        }
    }

    func testANetworkWithoutNormTakesNoScaleAndShift() throws {
        let file = try stateDict(for: .group)
        for error in try errorsOfAllRanks({ try read(file).restore(network(.none)) }) {
            XCTAssertTrue(error.contains("takes no tensor normalization1.bias, which has shape [32]"), error)
        }
    }

    private func network(_ choice: NormalizationChoice) -> any Network {
        Setting(normalization: choice).run(on: world).network
    }

    private func state(_ network: any Network) throws -> NetworkState {
        try NetworkState(network, workers: Setting(normalization: .none).workers, communicator: world)
    }

    private func exported(_ network: any Network, batches: Int) throws -> PyTorchState {
        let state = try state(network)
        return PyTorchState(state, statistics: try state.statistics(.pooled), batches: batches)
    }

    /// What PyTorch saved of a network with batch norm, without the norms for a network that has none.
    private func stateDict(for choice: NormalizationChoice) throws -> TensorFile {
        var file = try golden("pytorch")
        if choice == .none {
            for name in file.names where name.hasPrefix("normalization") { file[name] = nil }
        }
        return file
    }

    private func golden(_ name: String) throws -> TensorFile {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try TensorFile(contentsOf: tests.appendingPathComponent("Golden/\(name).safetensors").path)
    }

    /// As it is after a way through a file.
    private func read(_ file: TensorFile) throws -> PyTorchState {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("PyTorchState-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("state.safetensors").path
        try file.write(to: path)
        return try PyTorchState.read(path).state
    }
}
