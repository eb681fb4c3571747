import Autograd
import Foundation
import MPI
import Safetensors
import Training
import Workers
import XCTest

/// Weights that PyTorch saved, and weights for PyTorch.
final class PyTorchStateTests: TrainingTestCase {
    private let choices: [(name: String, choice: NormChoice)] = [
        ("bn", .batch(.worker)), ("bn", .batch(.world)), ("gn", .group), ("ln", .layer), ("in", .instance),
        ("none", .none),
    ]

    /// As many running statistics as workers, on any number of ranks.
    func testTheStateDictOfPyTorchGivesTheLogitsOfPyTorch() throws {
        let answers = try golden("pytorch-logits")
        let images = Tensor(
            try answers.floats(named: "images"), shape: try answers.tensor(named: "images").shape)
        for (name, choice) in choices {
            let network = try network(choice)
            let leavesOut = try read(stateDict(for: choice)).restore(network)
            XCTAssertEqual(leavesOut, ["gn", "ln", "in"].contains(name), name)
            let tape = Tape(layout: BatchLayout(images: images.shape[0]), isRecording: false)
            let logits = try network(images, ForwardContext(tape, mode: .evaluation))
            let expected = try answers.floats(named: "\(name).logits")
            XCTAssertLessThanOrEqual(relativeError(logits.array, expected), 1e-5, name)
        }
    }

    func testWhatPyTorchSavedIsWrittenAgainWithEveryNameShapeAndBit() throws {
        for (name, choice) in choices where ["bn", "none"].contains(name) {
            let network = try network(choice)
            let saved = try stateDict(for: choice)
            try read(saved).restore(network)
            let written = try exported(network).file
            XCTAssertEqual(written.names, saved.names)
            for tensor in saved.names { XCTAssertEqual(written[tensor], saved[tensor], "\(name): \(tensor)") }
        }
    }

    func testEveryWorkerBeginsWithTheRunningStatistics() throws {
        let network = try network(.batch(.worker))
        let file = try stateDict(for: .batch(.worker))
        try read(file).restore(network)
        XCTAssertEqual(network.state.count, 3 * 5)
        for state in network.state {
            let name =
                switch state.role {
                case .runningMean: "running_mean"
                case .runningVariance: "running_var"
                default: "num_batches_tracked"
                }
            XCTAssertEqual(state.counts, state.role == .batchCount ? state.rows.map { _ in 100 } : [], state.name)
            guard state.role != .batchCount else { continue }
            let values = try file.floats(named: "\(state.layer).\(name)")
            XCTAssertEqual(state.floats, state.rows.flatMap { _ in values }, state.name)
        }
    }

    func testBatchNormMayBeginWithoutRunningStatistics() throws {
        let network = try network(.batch(.worker))
        var file = try stateDict(for: .batch(.worker))
        for name in file.names where name.contains("running") || name.hasSuffix("tracked") { file[name] = nil }
        XCTAssertFalse(try read(file).restore(network))
        for state in network.state {
            let initial: Float = state.role == .runningVariance ? 1 : 0
            XCTAssertTrue(state.floats.allSatisfy { $0 == initial } && state.counts.allSatisfy { $0 == 0 }, state.name)
        }
        for parameter in network.parameters {
            XCTAssertEqual(parameter.tensor.array, try file.floats(named: parameter.pytorchName), parameter.name)
        }
    }

    func testAnExportedNetworkIsTheSameAfterItIsImported() throws {
        for (name, choice) in choices {
            let run = try Setting(normalization: choice).run(on: world)
            _ = try run.train(steps: 0..<3)
            let first = try exported(run.network)
            let network = try network(choice)
            try read(first.file).restore(network)
            let again = try exported(network)
            XCTAssertEqual(try again.file.serialized(), try first.file.serialized(), name)
            guard choice != .batch(.worker) else { continue }
            XCTAssertEqual(try state(network).digest, try state(run.network).digest, name)
        }
    }

    /// Means 0 and 4, variances 1 and 3, of 6 and 2 batches: the mean 1, the variance (6·1 + 2·3)/8 + (6·1² + 2·3²)/8, by
    /// the law of total variance.
    func testTheStatisticsAreThoseOfTheChoice() throws {
        let network = TinyNetwork(statistics: .worker, hosting: Hosting(workers: 2))
        network.normalization?.running.mean.pointer[1] = 4
        network.normalization?.running.variance.pointer[1] = 3
        network.normalization?.running.batchCounts.values = [6, 2]
        let state = try NetworkState(network, workers: 2, communicator: alone)
        for (choice, mean, variance) in [(EvaluationStatistics.pooled, 1, 4.5), (.worker0, 0, 1)] as [(_, Float, Float)]
        {
            let file = try PyTorchState(network, state, statistics: choice.statistics(of: network, in: state)).file
            XCTAssertEqual(file["normalization.running_mean"], StoredTensor([mean], shape: [1]))
            XCTAssertEqual(file["normalization.running_var"], StoredTensor([variance], shape: [1]))
            XCTAssertEqual(file["normalization.num_batches_tracked"], StoredTensor([6 as Int64], shape: []))
        }
    }

    /// State that a layer keeps beside running statistics: a file has the first row of all ranks, and every row gets it.
    func testALayersOwnStateGoesThroughAFileWithItsFirstRow() throws {
        let kept = OwnState(rows: [1, 2, 3, 4], counts: [7, 8], rank: world.rank, ranks: world.size)
        let state = try NetworkState(kept, workers: 2 * world.size, communicator: world)
        let exported = try PyTorchState(kept, state, statistics: [:])
        XCTAssertEqual(exported.file["own.vectors"], StoredTensor([1, 2] as [Float], shape: [2]))
        XCTAssertEqual(exported.file["own.seen"], StoredTensor([7 as Int64, 8], shape: [2]))

        let other = OwnState(rows: [0, 0, 0, 0], counts: [0, 0], rank: world.rank, ranks: world.size)
        try exported.restore(other)
        XCTAssertEqual(other.vectors.array, [1, 2, 1, 2])
        XCTAssertEqual(other.seen.values, [7, 8])
    }

    private final class OwnState: Module {
        let name = "own"
        let vectors: Tensor
        let seen: Counts
        private let placement: StateTensor.Placement

        /// Two rows on each rank; those of rank 0 are `rows`, those of others ten times as large.
        init(rows: [Float], counts: [Int64], rank: Int, ranks: Int) {
            vectors = Tensor(rows.map { rank == 0 ? $0 : 10 * $0 }, shape: [2, 2])
            seen = Counts(count: counts.count)
            seen.values = counts
            placement = .rows(first: 2 * rank, total: 2 * ranks)
        }

        var ownState: [StateTensor] {
            [
                StateTensor(layer: name, .own("vectors"), .floats(vectors), placement: placement),
                StateTensor(layer: name, .own("seen"), .counts(seen), placement: .everywhere),
            ]
        }
    }

    func testWhatDoesNotFitIsRefusedNamingFileTensorAndShape() throws {
        let channels = Array(repeating: Float(1), count: 32)
        let changes: [(words: [String], change: (inout TensorFile) -> Void)] = [
            (["no tensor normalization3.bias"], { $0["normalization3.bias"] = nil }),
            (["no tensor normalization2.running_var"], { $0["normalization2.running_var"] = nil }),
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
                ["tensor dense.bias", "I64", "F32"],
                { $0["dense.bias"] = StoredTensor(Array(repeating: 1 as Int64, count: 10), shape: [10]) }
            ),
            (
                ["tensor normalization1.num_batches_tracked holds 1.5"],
                { $0["normalization1.num_batches_tracked"] = StoredTensor([1.5 as Float], shape: []) }
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
                ["takes no tensor normalization1.gamma", "[32]"],
                { $0["normalization1.gamma"] = StoredTensor(channels, shape: [32]) }
            ),
            // What tells the files of run folders, whatever the names in them.
            (["normtrain export"], { $0.metadata["format"] = "normtrain" }),
        ]
        let network = try network(.batch(.worker))
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

    func testTheWeightsOfARunFolderAreToBeExportedFirst() throws {
        let network = try network(NormChoice.none)
        let file = try state(network).file
        for error in try errorsOfAllRanks({ try read(file).restore(network) }) {
            XCTAssertTrue(error.contains("normtrain export"), error)
        }
    }

    func testANetworkWithoutNormTakesNoScaleAndShift() throws {
        var file = try stateDict(for: .none)
        file["normalization1.bias"] = try stateDict(for: .group)["normalization1.bias"]
        for error in try errorsOfAllRanks({ try read(file).restore(network(NormChoice.none)) }) {
            XCTAssertTrue(error.contains("takes no tensor normalization1.bias, which has shape [32]"), error)
        }
    }

    private func exported(_ network: any Layer) throws -> PyTorchState {
        let state = try state(network)
        return try PyTorchState(
            network, state, statistics: EvaluationStatistics.pooled.statistics(of: network, in: state))
    }

    /// What PyTorch saved of a network with batch norm, without the norms for a network that has none.
    private func stateDict(for choice: NormChoice) throws -> TensorFile {
        var file = try golden("pytorch")
        if choice == NormChoice.none {
            for name in file.names where name.hasPrefix("normalization") { file[name] = nil }
            let biases = try golden("pytorch-logits")
            for name in biases.names where name.hasSuffix(".bias") { file[name] = biases[name] }
        }
        return file
    }
}
