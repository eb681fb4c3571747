import Foundation
import TestSupport
import XCTest

/// What TensorBoard reads in the folders of runs.
final class TensorBoardTests: InterruptionTestCase {
    override func setUpWithError() throws {
        try super.setUpWithError()
        try Python.require("tensorboard", "numpy", "safetensors")
    }

    /// The events of a run that was started once.
    private func events(_ run: String = "run") throws -> [ReadEvent] {
        let files = try ReadEvent.files(in: path(run))
        XCTAssertEqual(files.count, 1)
        return try ReadEvent.events(of: files[0])
    }

    /// The values of a tag by step.
    private func curve(_ tag: String, _ events: [ReadEvent]) throws -> [Int: Double] {
        let points = events.flatMap { event in
            event.values.filter { $0.tag == tag }.map { (event.step, $0.doubles[0]) }
        }
        return try Dictionary(points) { _, _ in throw Twice() }
    }

    private struct Twice: Error {}

    private func rows(_ file: String) throws -> [[String]] {
        try String(contentsOfFile: path("run/\(file)"), encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",").map(String.init)
        }
    }

    /// 22 images among 3 workers, in batches of 2: four steps an epoch.
    func testCurvesAreTheColumnsOfTheTablesAndNothingElseIsThere() throws {
        try assertWorks(smallRun("syncbn", "--workers", "3", "--epochs", "3"))
        let events = try events()
        // The version and the start, what the run begins with, the steps, two for each epoch, scores, and what the table
        // of hyperparameters gets.
        XCTAssertEqual(events.count, 2 + 1 + 12 + 2 * 3 + 1 + 1)
        let metrics = try rows("metrics.csv")
        XCTAssertEqual(metrics.count, 1 + 12)
        for (column, name) in metrics[0].enumerated().dropFirst() {
            let expected = metrics.dropFirst().compactMap { row in Double(row[column]).map { Double(Float($0)) } }
            let curve = try curve("step/\(name)", events)
            XCTAssertEqual(curve.keys.sorted(), Array(1...12), name)
            XCTAssertEqual(curve.sorted { $0.key < $1.key }.map(\.value), expected, name)
        }
        let epochs = try rows("epochs.csv")
        XCTAssertEqual(epochs.count, 1 + 3)
        for (column, name) in epochs[0].enumerated() where name != "part" {
            let curve = try curve("epoch/\(name)", events)
            XCTAssertEqual(curve.keys.sorted(), [4, 8, 12], name)
            let expected = epochs.dropFirst().compactMap { row in Double(row[column]).map { Double(Float($0)) } }
            XCTAssertEqual(curve.sorted { $0.key < $1.key }.map(\.value), expected, name)
        }
        let result = RunFiles(path: path("run"))
        for score in ["test_error_percent", "test_loss", "train_loss"] {
            let expected = Double(Float(try result.number(score)))
            XCTAssertEqual(try curve("score/\(score)", events), [12: expected], score)
        }
        let tags = Set(events.flatMap(\.values).map(\.tag).filter { $0.hasPrefix("epoch/") || $0.hasPrefix("step/") })
        XCTAssertEqual(tags.count, metrics[0].count - 1 + epochs[0].count - 1, "\(tags)")
    }

    /// Those of γ, and the running statistics that evaluation uses, are those that the final weights have.
    func testHistogramsAreThoseOfTheWeights() throws {
        for (norm, statistics) in [("syncbn", "pooled"), ("bn", "worker0"), ("gn", "pooled")] {
            try assertWorks(smallRun(norm, "--workers", "3", "--epochs", "2", "--evaluate", statistics))
            let tensors = try RunFiles(path: path("run")).tensors()
            var expected: [String: [Double]] = [:]
            for layer in (1...5).map({ "normalization\($0)" }) {
                func values(_ name: String) throws -> [Double] {
                    let bytes = try XCTUnwrap(tensors["\(layer).\(name)"])
                    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)).map(Double.init) }
                }
                let gains = try values("gamma")
                expected["gamma/\(layer)"] = gains
                if norm == "gn" { continue }
                // The first set, which is the only one of synchronised statistics.
                expected["running_mean/\(layer)"] = Array(try values("runningMean").prefix(gains.count))
                expected["running_variance/\(layer)"] = Array(try values("runningVariance").prefix(gains.count))
            }
            try assertHistograms(expected, norm)
        }
    }

    /// The mean of the workers' means, and the mean of their variances plus the variance of the means. All three have seen
    /// the same number of batches.
    func testPooledStatisticsAreThoseOfAllWorkers() throws {
        try assertWorks(smallRun("bn", "--workers", "3", "--train-images", "24", "--epochs", "2"))
        let last = try XCTUnwrap(events().last { $0.values.contains { $0.plugin == "histograms" } })
        let tensors = try RunFiles(path: path("run")).tensors()
        for layer in (1...5).map({ "normalization\($0)" }) {
            func sets(_ name: String) throws -> [[Double]] {
                let bytes = try XCTUnwrap(tensors["\(layer).\(name)"])
                let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)).map(Double.init) }
                let channels = values.count / 3
                return (0..<3).map { Array(values[$0 * channels..<($0 + 1) * channels]) }
            }
            let (means, variances) = (try sets("runningMean"), try sets("runningVariance"))
            for (kind, values) in [
                ("mean", means[0].indices.map { channel in means.map { $0[channel] }.reduce(0, +) / 3 }),
                (
                    "variance",
                    means[0].indices.map { channel in
                        let mean = means.map { $0[channel] }.reduce(0, +) / 3
                        let squares = means.map { ($0[channel] - mean) * ($0[channel] - mean) }
                        return (squares + variances.map { $0[channel] }).reduce(0, +) / 3
                    }
                ),
            ] {
                let histogram = try XCTUnwrap(last.values.first { $0.tag == "running_\(kind)/\(layer)" }).doubles
                assertClose([histogram[0]], [values.min() ?? .nan], tolerance: 1e-12, "the least \(kind) of \(layer)")
                assertClose(
                    [histogram[88]], [values.max() ?? .nan], tolerance: 1e-12, "the largest \(kind) of \(layer)")
                let counts = stride(from: 2, to: 90, by: 3).map { histogram[$0] }
                XCTAssertEqual(counts.reduce(0, +), Double(values.count))
            }
        }
    }

    /// The last histograms of `run` are what TensorBoard's own function makes of these values, and there are no others.
    private func assertHistograms(_ expected: [String: [Double]], _ norm: String) throws {
        let events = try events().filter { $0.values.contains { $0.plugin == "histograms" } }
        // Four steps an epoch.
        XCTAssertEqual(events.map(\.step), [4, 8], norm)
        let found = try XCTUnwrap(events.last).values
        XCTAssertEqual(found.map(\.tag).sorted(), expected.keys.sorted(), norm)
        try JSONEncoder().encode(found.map { expected[$0.tag] ?? [] }).write(
            to: URL(fileURLWithPath: path("numbers.json")))
        let outcome = try Python.run([Python.script("histograms.py"), path("numbers.json")])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let buckets = try JSONDecoder().decode([[String]].self, from: Data(outcome.output.utf8))
        for (value, buckets) in zip(found, buckets) {
            XCTAssertEqual(value.doubles, buckets.map { Double($0) ?? .nan }, "\(norm) \(value.tag)")
        }
    }

    func testTheConfigurationIsATextAndTheSettingsAreARow() throws {
        try assertWorks(smallRun("bn", "--workers", "3", "--seed", "5"))
        let begin = try events()[2]
        XCTAssertEqual(begin.step, 0)
        XCTAssertEqual(begin.values.map(\.tag), ["configuration", "_hparams_/session_start_info"])
        let configuration = try String(contentsOfFile: path("run/config.yaml"), encoding: .utf8)
        let lines = configuration.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        XCTAssertEqual(begin.values[0].texts, [lines.joined(separator: "\n")])
        let content = try XCTUnwrap(begin.values[1].content)
        for setting in [
            #""normalization.norm": "bn""#, #""normalization.statistics": "worker""#, #""workers": 3.0"#,
            #""training.batch": 2.0"#, #""seed": 5.0"#, #""evaluation.statistics": "pooled""#,
        ] {
            XCTAssertTrue(content.contains(setting), content)
        }
    }

    func testTheNumberOfRanksChangesNothingButTimes() throws {
        for norm in ["bn", "syncbn"] {
            let contents = try (1...3).map { ranks in
                try assertWorks(smallRun(norm, "--workers", "3", "--epochs", "2"), ranks: ranks)
                return try timeless(events())
            }
            XCTAssertEqual(contents[0], contents[1], norm)
            XCTAssertEqual(contents[0], contents[2], norm)
        }
    }

    /// All that an event says but times.
    private func timeless(_ events: [ReadEvent]) -> [String] {
        events.flatMap { event in
            event.values.filter { $0.tag != "step/seconds" }.map { value in
                let content = value.content?.replacing(/"(start|end)TimeSecs": [0-9.]+/, with: "")
                return "\(event.step) \(value.tag) \(value.doubles) \(value.texts) \(content ?? "")"
            }
        }
    }

    func testAStoppedRunGoesOnInAFileOfItsOwnAndRepeatsNoStep() throws {
        try assertWorks(arguments(out: "whole"), ranks: 1)
        try stopEarly()
        let step = try XCTUnwrap(Int(checkpoints()[0].dropFirst(11).prefix(10)))
        try assertWorks(["resume", "run", "--quiet"], ranks: 2)
        let files = try ReadEvent.files(in: path("run"))
        XCTAssertEqual(files.count, 2)
        let (first, second) = (try ReadEvent.events(of: files[0]), try ReadEvent.events(of: files[1]))
        XCTAssertEqual(try curve("step/loss", first).keys.sorted(), Array(1...step))
        XCTAssertEqual(try curve("step/loss", second).keys.sorted(), Array(step + 1...Self.steps))
        XCTAssertEqual(second.map(\.isStart), [false, true] + Array(repeating: false, count: second.count - 2))
        XCTAssertEqual(second.prefix(2).map(\.step), [step + 1, step + 1])
        XCTAssertEqual(timeless(first + second), timeless(try events("whole")))
    }

    /// What the killed run had written of the steps after its last checkpoint is there twice, and is shown once.
    func testAKilledRunThatGoesOnIsShownAsOneThatNeverStopped() throws {
        try assertWorks(arguments(out: "runs/whole"), ranks: 1)
        let job = try start(arguments("--checkpoint-every", "7", out: "runs/killed"), ranks: 2)
        try job.wait(for: "events after a checkpoint") {
            guard let newest = checkpoints("runs/killed").last, let step = Int(newest.dropFirst(11).prefix(10)),
                step > 20
            else { return false }
            let rows = (try? RunFiles(path: path("runs/killed")).metrics().count) ?? 0
            return rows > step + 5
        }
        for rank in job.ranks { kill(rank, SIGKILL) }
        _ = try job.end()
        try assertWorks(["resume", "runs/killed", "--quiet"], ranks: 1)
        XCTAssertEqual(try ReadEvent.files(in: path("runs/killed")).count, 2)
        for loader in TensorBoardAnswers.Loader.allCases {
            let answers = try TensorBoardAnswers(path("runs"), loader, onceThereIs: "score/test_error_percent")
            XCTAssertEqual(answers.steps["killed"], answers.steps["whole"], loader.rawValue)
            XCTAssertEqual(answers.steps["killed"]?["step/loss"], Array(1...Self.steps), loader.rawValue)
            XCTAssertEqual(answers.steps["killed"]?["epoch/loss"], Array(stride(from: 4, through: 120, by: 4)))
        }
    }

    func testAFreshRunRemovesTheEventFilesOfTheOldOneAndNothingElse() throws {
        try assertWorks(smallRun("gn"))
        let others = ["my-events.out.tfevents.17.host.1.0", "events.out.tfevents", "events.out.csv"]
        for other in others { try write("", to: "run/\(other)") }
        for halfWritten in [".events.out.tfevents.17.host.1.0.UUID"] { try write("", to: "run/\(halfWritten)") }
        let before = try ReadEvent.files(in: path("run"))
        try assertWorks(smallRun("gn"))
        let after = try FileManager.default.contentsOfDirectory(atPath: path("run"))
        XCTAssertTrue(Set(after).isSuperset(of: others), "\(after)")
        XCTAssertEqual(after.filter { $0.hasPrefix(".") }, [])
        XCTAssertEqual(try ReadEvent.files(in: path("run")).count, 1)
        XCTAssertTrue(Set(before).isDisjoint(with: try ReadEvent.files(in: path("run"))))
    }

    func testADivergedRunHasFailedInTheTable() throws {
        XCTAssertEqual(try normtrain(smallRun("none", "--lr", "1e30", "--quiet")).status, 1)
        let events = try events()
        XCTAssertEqual(try curve("step/loss", events).keys.sorted(), [1])
        let end = try XCTUnwrap(events.last?.values.first?.content)
        XCTAssertTrue(end.contains(#""status": "STATUS_FAILURE""#), end)
    }

    /// Whichever way the server reads.
    func testAServerShowsAComparisonWithARowForEachVariant() throws {
        let norms = ["bn", "gn", "none"]
        try assertWorks(
            ["compare", "--norms", norms.joined(separator: ","), "--out", "runs", "--quiet", "--workers", "2"]
                + Self.smallTraining)
        for loader in TensorBoardAnswers.Loader.allCases {
            let answers = try TensorBoardAnswers(path("runs"), loader, onceThereIs: "score/test_error_percent")
            for plugin in ["scalars", "text"] {
                XCTAssertEqual(answers.tags[plugin]?.keys.sorted(), norms, "\(loader) \(plugin)")
            }
            XCTAssertEqual(answers.tags["text"]?["gn"], ["configuration"])
            XCTAssertEqual(answers.tags["histograms"]?.keys.sorted(), ["bn", "gn"])
            XCTAssertEqual(
                answers.tags["histograms"]?["bn"],
                ["gamma", "running_mean", "running_variance"].flatMap { kind in
                    (1...5).map { "\(kind)/normalization\($0)" }
                })
            var found: [String: Double] = [:]
            for group in answers.groups {
                guard case .text(let norm) = group.hparams["normalization.norm"] else { continue }
                found[norm] = group.metricValues?.first { $0.name.tag == "score/test_error_percent" }?.value
                XCTAssertEqual(group.hparams["workers"], .number(2))
                XCTAssertEqual(group.sessions.map(\.status), ["STATUS_SUCCESS"])
            }
            XCTAssertEqual(found.keys.sorted(), norms, "\(loader)")
            for (norm, error) in found {
                let expected = try RunFiles(path: path("runs/\(norm)")).number("test_error_percent")
                XCTAssertEqual(error, expected, accuracy: 1e-6 * expected, "\(loader) \(norm)")
            }
        }
    }
}
