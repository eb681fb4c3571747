import Autograd
import Foundation
import Normalization
import Safetensors
import Workers
import XCTest

@testable import Training

/// Training that goes on with the statistics of a file.
final class FrozenStatisticsTests: TrainingTestCase {
    private let frozen = NormChoice(name: "frozenbn")

    private func pretrained() throws -> PyTorchState {
        let run = try Setting(normalization: .batch(.world)).run(on: world)
        _ = try run.train(steps: 0..<4)
        let state = try run.state()
        let statistics = try EvaluationStatistics.pooled.statistics(of: run.network, in: state)
        let file = try PyTorchState(run.network, state, statistics: statistics).file
        return try PyTorchState(bytes: file.serialized(), path: "pretrained")
    }

    func testItBeginsAsTheNetworkOfTheFileEvaluatesAndKeepsItsStatistics() throws {
        let weights = try pretrained()
        let run = try Setting(normalization: frozen).run(on: world)
        XCTAssertFalse(try weights.restore(run.network))
        let before = run.network.parameters.map(\.tensor.array)
        _ = try run.train(steps: 0..<6)
        _ = try run.task.evaluateEpoch()
        for state in run.network.state {
            switch state.role {
            case .constantMean:
                XCTAssertEqual(state.floats, try weights.file.floats(named: "\(state.layer).running_mean"))
            case .constantVariance:
                XCTAssertEqual(state.floats, try weights.file.floats(named: "\(state.layer).running_var"))
            default: XCTAssertEqual(state.counts, [4], state.name)
            }
        }
        XCTAssertEqual(run.network.state.count, 15)
        for (parameter, values) in zip(run.network.parameters, before) {
            XCTAssertNotEqual(parameter.tensor.array, values, parameter.name)
        }
        // The file of a network that is frozen has what that of a batch norm has.
        let exported = try PyTorchState(run.network, run.state(), statistics: [:])
        XCTAssertEqual(exported.file.names, weights.file.names)
        let name = "normalization1.running_var"
        XCTAssertEqual(exported.file[name], weights.file[name])
    }

    func testTheFirstLossIsThatOfTheBatchNormInEvaluation() throws {
        let weights = try pretrained()
        let (run, other) = (
            try Setting(normalization: frozen).run(on: world), try Setting(normalization: .batch(.world)).run(on: world)
        )
        try weights.restore(run.network)
        try weights.restore(other.network)
        let batch = other.task.batch(step: 0, update: 0, of: other.task.player)
        let tape = Tape(layout: batch.layout)
        let context = ForwardContext(tape, mode: .evaluation)
        let objective = try other.task.objective(of: other.task.player, batch, context)
        let local = objective.workerLosses.reduce(0, +)
        let loss = try world.allreduce(local, .sum, for: "the loss") / Double(batch.layout.globalImages)
        XCTAssertEqual(try run.train(steps: 0..<1)[0], loss, accuracy: 1e-12 * loss)
    }

    func testTheBitsDoNotDependOnTheRanks() throws {
        let weights = try pretrained()
        var outcomes: [(losses: [UInt64], digest: String)] = []
        for communicator in [world, alone] {
            let run = try Setting(normalization: frozen).run(on: XCTUnwrap(communicator))
            try weights.restore(run.network)
            outcomes.append((try run.train(steps: 0..<6).map(\.bitPattern), try run.state().digest))
        }
        XCTAssertEqual(outcomes[0].losses, outcomes[1].losses)
        XCTAssertEqual(outcomes[0].digest, outcomes[1].digest)
    }

    func testAFileWithoutRunningStatisticsIsRefused() throws {
        var file = try pretrained().file
        for name in file.names where name.contains(".running_") || name.hasSuffix("tracked") { file[name] = nil }
        let bare = try PyTorchState(bytes: file.serialized(), path: "bare")
        let run = try Setting(normalization: frozen).run(on: world)
        XCTAssertThrowsError(try bare.restore(run.network)) {
            XCTAssertTrue("\($0)".contains("normalization1.running_mean"), "\($0)")
        }
    }

    func testAVarianceBelowZeroIsRefused() throws {
        var file = try pretrained().file
        file["normalization2.running_var"] = StoredTensor(Array(repeating: -1 as Float, count: 32), shape: [32])
        let strange = try PyTorchState(bytes: file.serialized(), path: "strange")
        let run = try Setting(normalization: frozen).run(on: world)
        XCTAssertThrowsError(try strange.restore(run.network)) {
            XCTAssertTrue("\($0)".contains("normalization2.running_var"), "\($0)")
        }
    }

    /// The exchange was told that γ and β of a synchronised norm arrive summed.
    func testASynchronisedNormCanBeTrainedWithItsRunningStatistics() throws {
        let weights = try pretrained()
        let run = try Setting(normalization: .batch(.world)).run(on: world)
        let other = try Setting(normalization: frozen).run(on: world)
        for network in [run.network, other.network] { try weights.restore(network) }
        let player = run.task.player
        let batch = run.task.batch(step: 0, update: 0, of: player)
        for mode in [ForwardMode.evaluation, .batchStatistics] {
            player.exchange.begin()
            let tape = Tape(layout: batch.layout)
            let objective = try run.task.objective(of: player, batch, ForwardContext(tape, mode: mode))
            try tape.backward(from: objective.loss, into: player.exchange)
            _ = try player.exchange.exchange()
            guard mode == .evaluation else { continue }
            let gradients = player.gradients
            _ = try other.train(steps: 0..<1)
            for (name, expected) in other.task.player.gradients {
                XCTAssertLessThanOrEqual(relativeError(try XCTUnwrap(gradients[name]), expected), 1e-6, name)
            }
        }
    }
}
