import Autograd
import Foundation
import MPI
import TestSupport
import Workers
import XCTest

@testable import Training

/// How far the statistics of each worker's batch are from those of the global batch.
final class TelemetryTests: TrainingTestCase {
    private static let norms: [NormChoice] = [
        .batch(.worker), .batch(.world), .batch(.workers(5)), .batch(.ghost(3)), .group, .layer, .instance,
        NormChoice(name: "rms"), .none,
    ]

    private func distances(
        _ setting: Setting, on communicator: Communicator, steps: Range<Int>
    ) throws -> [[LayerDistances]] {
        let run = try setting.run(on: communicator)
        let trainer = Trainer(run.task, hasTelemetry: true)
        return try steps.map { try trainer.step($0).distances }
    }

    /// Of ten workers, all have images in the first step and seven in the second.
    private func setting(_ norm: NormChoice) -> Setting { Setting(normalization: norm, images: 47) }

    func testDistancesAreThoseOfTwoPassesInDoubleOverWhatTheNormsAreGiven() throws {
        for norm in Self.norms {
            let setting = setting(norm)
            let recorded = try distances(setting, on: alone, steps: 0..<2)
            let plain = try setting.run(on: alone)
            for step in 0..<2 {
                let inputs = NormInputs()
                let (player, batch) = (
                    plain.task.player, plain.task.batch(step: step, update: 0, of: plain.task.player)
                )
                let pass = try plain.trainer.forward(player, batch, shownTo: inputs)
                XCTAssertEqual(inputs.inputs.count, 5, "\(norm)")
                XCTAssertEqual(recorded[step].map(\.layer), (1...5).map { "normalization\($0)" }, "\(norm)")
                for (distances, input) in zip(recorded[step], inputs.inputs) {
                    let expected = PlainDistances(of: input, workers: batch.layout.occupiedRanges)
                    XCTAssertEqual(distances.workers, [10, 7][step])
                    try assertClose(distances.mean, expected.mean, "\(norm) \(distances.layer)")
                    try assertClose(distances.variance, expected.variance, "\(norm) \(distances.layer)")
                    try assertClose(distances.largestMean, expected.largestMean, "\(norm) \(distances.layer)")
                    try assertClose(distances.largestVariance, expected.largestVariance, "\(norm) \(distances.layer)")
                    XCTAssertEqual(distances.constantChannels, 0)
                    XCTAssertEqual(distances.constantInWorker, 0)
                }
                _ = try plain.trainer.update(player, pass, number: step + 1, step: step + 1, rate: setting.rate)
            }
        }
    }

    private func assertClose(_ value: Double?, _ expected: Double, _ message: String, line: UInt = #line) throws {
        let value = try XCTUnwrap(value, message, line: line)
        XCTAssertGreaterThan(expected, 0.01, message, line: line)
        XCTAssertEqual(value, expected, accuracy: 1e-9 * expected, message, line: line)
    }

    func testTheBitsDoNotDependOnTheRanks() throws {
        for norm in [NormChoice.batch(.worker), .batch(.world), .group, .none] {
            for images in [41, 47] {
                var setting = setting(norm)
                setting.images = images
                let single = try distances(setting, on: alone, steps: 0..<6)
                XCTAssertEqual(try distances(setting, on: world, steps: 0..<6), single, "\(norm)")
            }
        }
    }

    func testTheTrainingHasTheSameBits() throws {
        for norm in Self.norms {
            let (observed, plain) = (try setting(norm).run(on: world), try setting(norm).run(on: world))
            let trainer = Trainer(observed.task, hasTelemetry: true)
            let losses = try (0..<6).map { try trainer.step($0).loss }
            XCTAssertEqual(losses.map(\.bitPattern), try plain.train(steps: 0..<6).map(\.bitPattern), "\(norm)")
            XCTAssertEqual(try observed.state().digest, try plain.state().digest, "\(norm)")
        }
    }

    /// In the second step of 41 images one of ten workers has an image, which is the global batch.
    func testAWorkerThatIsAloneHasTheGlobalStatistics() throws {
        let recorded = try distances(Setting(normalization: .batch(.worker)), on: world, steps: 0..<2)
        for distances in recorded[1] {
            XCTAssertEqual(distances.workers, 1)
            XCTAssertEqual([distances.mean, distances.variance], [0, 0])
        }
    }

    func testTheFirstTheLastAndEveryTenthStepOfAnEpochAreRecorded() {
        let telemetry = Telemetry(stepsPerEpoch: 24, hosting: Hosting(workers: 1), transport: SingleRank())
        XCTAssertEqual((0..<48).filter(telemetry.isDue), [0, 10, 20, 23, 24, 34, 44, 47])
    }

    func testPlayersAreToldApartAndOnlyTheFirstOfTheirUpdatesCounts() throws {
        let run = { communicator in
            let trainer = Trainer(try DuelTask(on: RankTransport(communicator)), hasTelemetry: true)
            return try (0..<4).map { try trainer.step($0).distances }
        }
        let recorded = try run(world)
        XCTAssertEqual(recorded[0].map(\.layer), ["first/normalization", "second/normalization"])
        XCTAssertEqual(recorded.map(\.isEmpty), [false, true, true, false])
        XCTAssertEqual(recorded, try run(alone))
        for (distances, name) in zip(recorded[3], ["first", "second"]) {
            let counts = DuelTask.counts(step: 3, update: 0, of: name)
            XCTAssertEqual(distances.workers, counts.count { $0 > 0 })
        }
    }

    /// Values 0 and 2 on one worker, 4 and 6 on the other: μ₀ = 3 and σ₀² = 5; each σ² is 1.
    func testDistancesOfFourValues() {
        let rows = record([[0, 2], [4, 6]])
        XCTAssertEqual(rows.mean ?? 0, 0.8.squareRoot(), accuracy: 1e-15)
        XCTAssertEqual(rows.variance ?? 0, log(5), accuracy: 1e-15)
        XCTAssertEqual(rows.workers, 2)
    }

    /// Values −1 and 1, 0 and 2, and 11: μ₀ = 2.6 and σ₀² = 18.64; the means are 0, 1 and 11.
    func testTheWorkerThatIsFarthestOffIsTold() {
        let rows = record([[-1, 1], [0, 2], [11]])
        XCTAssertEqual(rows.largestMean ?? 0, 8.4 / 18.64.squareRoot(), accuracy: 1e-14)
        XCTAssertEqual(
            rows.mean ?? 0, ((2.6 * 2.6 + 1.6 * 1.6 + 8.4 * 8.4) / 3 / 18.64).squareRoot(), accuracy: 1e-14)
        // The variance of a single value is none.
        XCTAssertEqual([rows.constantChannels, rows.constantInWorker], [0, 1])
        XCTAssertEqual(rows.variance ?? 0, log(18.64), accuracy: 1e-14)
        XCTAssertEqual(rows.largestVariance ?? 0, log(18.64), accuracy: 1e-14)
    }

    func testConstantChannelsAreLeftOutAndCounted() {
        // Sums of 0.1 are rounded.
        for value in [Float(0), 100, 0.1, -3e7] {
            let rows = record([Array(repeating: value, count: 7), Array(repeating: value, count: 3), []])
            XCTAssertEqual([rows.mean, rows.variance, rows.largestMean, rows.largestVariance], [nil, nil, nil, nil])
            XCTAssertEqual(rows.constantChannels, 1, "\(value)")
            XCTAssertEqual(rows.constantInWorker, 0)
            XCTAssertEqual(rows.workers, 2)
        }
        let rows = record([[100, 100, 100], [100, 101]])
        XCTAssertEqual([rows.constantChannels, rows.constantInWorker], [0, 1])
        XCTAssertTrue(rows.mean?.isFinite == true && rows.variance?.isFinite == true)
    }

    func testValuesThatAreNotFiniteLeaveNoDistance() {
        for value in [Float.nan, .infinity, .greatestFiniteMagnitude] {
            let rows = record([[value, 1], [2, 3]])
            XCTAssertEqual([rows.mean, rows.variance], [nil, nil], "\(value)")
            XCTAssertEqual(rows.constantChannels, 1, "\(value)")
        }
    }

    /// What is recorded of a layer with one channel and one pixel an image, given the values of each worker.
    private func record(_ workers: [[Float]]) -> LayerDistances {
        let layout = BatchLayout(imageCounts: workers.map(\.count))
        let telemetry = Telemetry(
            stepsPerEpoch: 1, hosting: Hosting(workers: workers.count), transport: SingleRank())
        let x = Tensor(workers.flatMap { $0 }, shape: [layout.images, 1, 1, 1])
        telemetry.begin("", layout)
        let context = ForwardContext(Tape(layout: layout, probe: telemetry))
        _ = context.layer("norm", .normalization, of: x) { x }
        do { return try telemetry.finish()[0] } catch { preconditionFailure("\(error)") }
    }
}

/// Notes what norms are given, or would be.
private final class NormInputs: Probe {
    private(set) var inputs: [Tensor] = []

    func see(_ pass: LayerPass) {
        switch pass.work {
        case .normalization, .absentNormalization: inputs.append(pass.input)
        default: break
        }
    }
}

/// The same distances, by the textbook.
private struct PlainDistances {
    let mean: Double
    let variance: Double
    let largestMean: Double
    let largestVariance: Double

    init(of x: Tensor, workers: [Range<Int>]) {
        let channels = x.shape.last ?? 1
        let values = x.array
        /// Mean and variance of a channel over images.
        func statistics(_ images: Range<Int>, _ channel: Int) -> (mean: Double, variance: Double) {
            let range = images.lowerBound * x.rowCount..<images.upperBound * x.rowCount
            let own = stride(from: range.lowerBound + channel, to: range.upperBound, by: channels).map {
                Double(values[$0])
            }
            let mean = own.reduce(0, +) / Double(own.count)
            return (mean, own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count))
        }
        var squares = workers.map { _ in 0.0 }
        var logarithms = squares
        for channel in 0..<channels {
            let whole = statistics(0..<x.shape[0], channel)
            for (worker, images) in workers.enumerated() {
                let own = statistics(images, channel)
                squares[worker] += (own.mean - whole.mean) * (own.mean - whole.mean) / whole.variance
                logarithms[worker] += abs(log(own.variance) - log(whole.variance))
            }
        }
        let perChannel = Double(channels)
        mean = (squares.reduce(0, +) / perChannel / Double(workers.count)).squareRoot()
        variance = logarithms.reduce(0, +) / perChannel / Double(workers.count)
        largestMean = ((squares.max() ?? 0) / perChannel).squareRoot()
        largestVariance = (logarithms.max() ?? 0) / perChannel
    }
}
