import Reports
import TestSupport
import XCTest

@testable import Training

/// What is recorded of a training of the whole network.
final class ProfiledRunTests: TrainingTestCase {
    private let layers: [String] =
        (1...5).flatMap { ["convolution\($0)", "normalization\($0)"] }
        + ["pooling2", "pooling4", "mean pooling", "dense", "cross-entropy"]

    /// Seven steps, of which four count.
    private func profiledRun(
        _ normalization: NormChoice = .batch(.world)
    ) throws -> (run: Run, losses: [Double], profile: RankProfile, recorder: ProfileRecorder) {
        let recorder = ProfileRecorder(world)
        let run = try Setting(normalization: normalization).run(on: world, recorder: recorder)
        try recorder.begin(steps: 0..<7)
        let losses = try run.train(steps: 0..<7)
        return (run, losses, try recorder.finish(), recorder)
    }

    func testTheRunHasTheSameBits() throws {
        for normalization in [NormChoice.batch(.world), .batch(.worker), .none] {
            let (run, losses, _, _) = try profiledRun(normalization)
            let plain = try Setting(normalization: normalization).run(on: world)
            XCTAssertEqual(losses.map(\.bitPattern), try plain.train(steps: 0..<7).map(\.bitPattern))
            for (parameter, twin) in zip(run.network.parameters, plain.network.parameters) {
                XCTAssertEqual(
                    parameter.tensor.values.map(\.bitPattern), twin.tensor.values.map(\.bitPattern), parameter.name)
            }
        }
    }

    /// A message of a norm has a count and, for each of two sums a channel, three integers forward and six backward; that
    /// of the gradients has all weights but γ and β, two counts for each of them, the loss, and two more counts. In the
    /// first step, which does not count, each of the seven weights needs another message.
    func testMessagesHaveAsManyBytesAsTheirContent() throws {
        let (run, _, profile, _) = try profiledRun()
        let isShared = world.size > 1
        for (index, channels) in [32, 32, 64, 64, 128].enumerated() {
            let layer = try XCTUnwrap(profile.layers.first { $0.name == "normalization\(index + 1)" })
            XCTAssertEqual(layer.messages, isShared ? 4 * 2 : 0, layer.name)
            XCTAssertEqual(layer.bytes, isShared ? 4 * 8 * (2 * channels * (3 + 6) + 2) : 0, layer.name)
            XCTAssertEqual(layer.lastCounts.reduce(0, +), layer.messages, layer.name)
        }
        let gradients = try XCTUnwrap(profile.layers.first { $0.name == "the gradients" })
        let weights = 9 * (1 * 32 + 32 * 32 + 32 * 64 + 64 * 64 + 64 * 128) + 10 * 128 + 10
        XCTAssertEqual(gradients.messages, isShared ? 4 : 0)
        XCTAssertEqual(gradients.bytes, isShared ? 4 * 8 * (weights + 2 * 7 + 6 + 2) : 0)
        XCTAssertEqual(profile.layers.reduce(0) { $0 + $1.messages }, isShared ? 4 * 11 : 0)
        XCTAssertEqual(run.transport.messages, isShared ? 7 * 11 + 7 : 0)
    }

    func testNormsOfAWorkerSendNothing() throws {
        let profile = try profiledRun(.batch(.worker)).profile
        for layer in profile.layers where layer.name != "the gradients" {
            XCTAssertEqual(layer.messages, 0, layer.name)
            XCTAssertEqual(layer.waitingSeconds + layer.movingSeconds, 0, layer.name)
        }
    }

    func testNoTimeCountsTwice() throws {
        let profile = try profiledRun().profile
        XCTAssertEqual(profile.steps, 4)
        for layer in profile.layers {
            let parts = [
                layer.forwardSeconds, layer.backwardSeconds, layer.otherSeconds, layer.waitingSeconds,
                layer.movingSeconds,
            ]
            XCTAssertTrue(parts.allSatisfy { $0 >= 0 }, "\(layer)")
        }
        XCTAssertLessThanOrEqual(profile.layers.reduce(0) { $0 + $1.seconds }, profile.seconds)
    }

    func testTheTraceHasEveryLayerForwardAndBackwardOnEveryRank() throws {
        let (_, _, _, recorder) = try profiledRun()
        let events = try world.allgather(recorder.traceEvents(host: "host \(world.rank)"))
        let trace = try TraceFile(Trace.file(events: events))
        let tracks = (0..<world.size).map { ($0 + 1, "rank \($0) (host \($0))") }
        XCTAssertEqual(trace.tracks, Dictionary(uniqueKeysWithValues: tracks))
        trace.assertNests()
        for process in trace.tracks.keys {
            let events = trace.events.filter { $0.process == process }
            func count(_ name: String, _ category: String) -> Int {
                events.count { $0.name == name && $0.category == category }
            }
            XCTAssertEqual(
                events.filter { $0.category == "step" }.map(\.name), (1...7).map { "step \($0)" })
            for layer in layers {
                XCTAssertEqual(count(layer, "forward"), 7, layer)
                XCTAssertGreaterThanOrEqual(count("\(layer), backward", "backward"), 7, layer)
            }
            for name in ["the batch", "the update"] { XCTAssertEqual(count(name, "other"), 7, name) }
            let reductions = events.filter { $0.category == "communication" }
            XCTAssertEqual(reductions.count, world.size > 1 ? 7 * 11 + 7 : 0)
            XCTAssertEqual(events.count { $0.name == "waiting" }, reductions.count)
            XCTAssertEqual(events.count { $0.name == "moving" }, reductions.count)
            XCTAssertTrue(
                reductions.allSatisfy { (0..<world.size).contains($0.arguments["last_rank"] ?? -1) })
            // Each message as often as it was sent, with its bytes.
            let second = reductions.filter { $0.name == "all-reduce: normalization2, backward" }
            XCTAssertEqual(
                second.map { $0.arguments["bytes"] },
                Array(repeating: 8 * (2 * 32 * 6 + 1), count: world.size > 1 ? 7 : 0))
        }
    }

    func testEveryLayerHasAName() throws {
        for normalization in [NormChoice.group, .none] {
            let names = try profiledRun(normalization).profile.layers.map(\.name)
            let second = normalization == NormChoice.none ? "activation" : "normalization"
            XCTAssertEqual(
                names,
                [
                    "the batch", "the gradients", "convolution1", "\(second)1", "convolution2", "\(second)2",
                    "pooling2",
                    "convolution3", "\(second)3", "convolution4", "\(second)4", "pooling4", "convolution5",
                    "\(second)5",
                    "mean pooling", "dense", "cross-entropy", "the update",
                ])
        }
    }
}
