import Autograd
import Foundation
import TestSupport
import XCTest

@testable import Training

/// What the recorder makes of times that a test has chosen.
final class ProfileRecorderTests: TrainingTestCase {
    private var time = 0.0

    private func recorder(steps: Range<Int>) throws -> ProfileRecorder {
        let recorder = ProfileRecorder(alone) { [unowned self] in time }
        try recorder.begin(steps: steps)
        return recorder
    }

    /// Work of so many seconds.
    private func work(_ recorder: ProfileRecorder, _ layer: String, _ phase: PassPhase, seconds: Double) {
        recorder.begin(layer, phase)
        time += seconds
        recorder.end()
    }

    /// A step of 16 s, of which 1 s lies in no layer.
    private func step(_ recorder: ProfileRecorder, _ number: Int) throws {
        recorder.beginStep(number)
        work(recorder, "convolution", .forward, seconds: 2)
        recorder.begin("norm", .forward)
        time += 1
        recorder.addCollective("norm", from: time, to: time + 0.5, bytes: 24)
        time += 0.5
        recorder.end()
        time += 1
        recorder.begin("convolution", .backward)
        time += 4
        work(recorder, "gradients", .other, seconds: 3)
        time += 0.5
        recorder.end()
        recorder.begin("gradients", .other)
        recorder.addCollective("gradients", from: time, to: time + 4, bytes: 1000)
        time += 4
        recorder.end()
        try recorder.endStep()
        time += 100
    }

    func testTimeCountsForTheInnermostLayerOrCollective() throws {
        let recorder = try recorder(steps: 0..<7)
        for number in 0..<7 { try step(recorder, number) }
        let profile = try recorder.finish()
        XCTAssertEqual(profile.warmUpSteps, 3)
        XCTAssertEqual(profile.steps, 4)
        XCTAssertEqual(profile.seconds, 4 * 16)
        XCTAssertEqual(profile.layers.map(\.name), ["convolution", "norm", "gradients"])
        XCTAssertEqual(profile.layers.map(\.forwardSeconds), [8, 4, 0])
        XCTAssertEqual(profile.layers.map(\.backwardSeconds), [4 * 4.5, 0, 0])
        XCTAssertEqual(profile.layers.map(\.otherSeconds), [0, 0, 12])
        // A rank that is alone waits for nobody.
        XCTAssertEqual(profile.layers.map(\.waitingSeconds), [0, 0, 0])
        XCTAssertEqual(profile.layers.map(\.movingSeconds), [0, 2, 16])
        XCTAssertEqual(profile.layers.map(\.bytes), [0, 96, 4000])
        XCTAssertEqual(profile.layers.map(\.messages), [0, 4, 4])
        XCTAssertEqual(profile.layers.reduce(0) { $0 + $1.seconds }, 4 * 15)
    }

    func testStepsThatAreNotAnnouncedLeaveNothing() throws {
        let recorder = try recorder(steps: 0..<2)
        work(recorder, "convolution", .forward, seconds: 2)
        recorder.addCollective("evaluation", from: 0, to: 1, bytes: 8)
        let profile = try recorder.finish()
        XCTAssertEqual(profile.steps, 0)
        XCTAssertEqual(profile.layers, [])
        XCTAssertTrue(recorder.recording.spans.isEmpty)
    }

    func testCollectivesAreCountedHoweverManyThereAre() throws {
        let recorder = try recorder(steps: 0..<10)
        for number in 0..<10 {
            recorder.beginStep(number)
            recorder.begin("norm", .forward)
            for _ in 0..<1000 {
                recorder.addCollective("norm", from: time, to: time + 0.25, bytes: 3)
                time += 0.25
            }
            recorder.end()
            try recorder.endStep()
        }
        let norm = try XCTUnwrap(recorder.finish().layers.first)
        XCTAssertEqual(norm.messages, 7000)
        XCTAssertEqual(norm.bytes, 21000)
        XCTAssertEqual(norm.lastCounts, [7000])
        XCTAssertEqual(norm.movingSeconds, 1750)
        XCTAssertEqual(norm.forwardSeconds, 0)
    }

    func testTheTraceShowsTheWarmUpAndTwentyStepsFromTheMiddle() {
        XCTAssertEqual(ProfileRecorder.traced(0..<1003), [0..<3, 493..<513])
        XCTAssertEqual(ProfileRecorder.traced(500..<1503), [500..<503, 993..<1013])
        XCTAssertEqual(ProfileRecorder.traced(0..<23), [0..<3, 3..<23])
        XCTAssertEqual(ProfileRecorder.traced(0..<10), [0..<3, 3..<10])
        XCTAssertEqual(ProfileRecorder.traced(0..<4), [0..<2, 2..<4])
        XCTAssertEqual(ProfileRecorder.traced(0..<1), [0..<0, 0..<1])
        XCTAssertEqual(ProfileRecorder.traced(5..<5), [5..<5, 5..<5])
    }

    func testSpansAreKeptOnlyOfTracedSteps() throws {
        let recorder = try recorder(steps: 0..<103)
        for number in 0..<103 { try step(recorder, number) }
        _ = try recorder.finish()
        // A step, five pieces of work and two collectives.
        XCTAssertEqual(recorder.recording.spans.count, 23 * 8)
    }

    func testTheTraceHasTheTimesOfTheClock() throws {
        time = 7
        let recorder = try recorder(steps: 0..<1)
        time = 7.000_001_5
        try step(recorder, 0)
        _ = try recorder.finish()
        let trace = try TraceFile(Trace.file(events: [recorder.traceEvents(host: "a \"host\"")]))
        XCTAssertEqual(trace.tracks, [1: "rank 0 (a \"host\")"])
        XCTAssertEqual(
            trace.events.map(\.name),
            [
                "step 1", "convolution", "norm", "all-reduce: norm", "waiting", "moving", "convolution, backward",
                "gradients", "gradients", "all-reduce: gradients", "waiting", "moving",
            ])
        let start = 1.5
        let offsets = [0, 2, 3, 3, 3, 4.5, 8.5, 12, 12, 12, 12].map { start + 1e6 * $0 }
        XCTAssertEqual(trace.events.map(\.start), [start] + offsets)
        XCTAssertEqual(
            trace.events.map(\.duration), [16, 2, 1.5, 0.5, 0, 0.5, 7.5, 3, 4, 4, 0, 4].map { 1e6 * $0 })
        XCTAssertEqual(trace.events.compactMap { $0.arguments["bytes"] }, [24, 24, 1000, 1000])
    }

    /// All but one rank come to a collective in time, and that one a second later.
    func testTheLastRankIsTheOneThatTheOthersWaitFor() throws {
        let ahead = 3600 * Double(world.rank)
        for late in 0..<world.size {
            let recorder = ProfileRecorder(world) { ProcessInfo.processInfo.systemUptime + ahead }
            try recorder.begin(steps: 0..<2)
            for number in 0..<2 {
                recorder.beginStep(number)
                recorder.begin("norm", .forward)
                let moment = try world.broadcast(ProcessInfo.processInfo.systemUptime, root: 0) + ahead
                let start = moment + (world.rank == late ? 1 : 0)
                recorder.addCollective("norm", from: start, to: moment + 1.5, bytes: 8)
                recorder.end()
                try recorder.endStep()
            }
            let profile = try recorder.finish()
            let norm = profile.layers[0]
            XCTAssertEqual(norm.lastCounts, (0..<world.size).map { $0 == late ? 1 : 0 })
            let error = try world.allreduce(2 * profile.clockErrorSeconds, .max) + 1e-8
            XCTAssertEqual(norm.waitingSeconds, world.rank == late || world.size == 1 ? 0 : 1, accuracy: error)
            XCTAssertEqual(norm.movingSeconds, 0.5, accuracy: error)
        }
    }
}
