import Foundation
import Safetensors
import XCTest

/// Choices that would tilt a comparison.
final class FairnessTests: InterruptionTestCase {
    private var files: RunFiles { RunFiles(path: path("run")) }

    /// 20 images on 32 workers: 12 never have any.
    func testTheExportedMeanIsThatOfTheWorkersThatHadImages() throws {
        try assertWorks(smallRun("bn", "--workers", "32", "--train-images", "20", "--quiet"))
        try assertWorks(["export", "run", "--pytorch", "exported"])
        let state = try TensorFile(contentsOf: path("run/weights.safetensors"))
        let counts = try state.integers(named: "normalization1.batchCounts", shape: [32])
        XCTAssertEqual(counts, Array(repeating: 1, count: 20) + Array(repeating: 0, count: 12))
        let means = try state.floats(named: "normalization1.runningMean", shape: [32, 32])
        let exported = try TensorFile(contentsOf: path("exported"))
            .floats(named: "normalization1.running_mean", shape: [32])
        for channel in 0..<32 {
            let mean = (0..<20).reduce(0.0) { $0 + Double(means[$1 * 32 + channel]) } / 20
            XCTAssertEqual(Double(exported[channel]), mean, accuracy: 1e-6 * abs(mean))
        }
    }

    /// Before the first variant is trained, which would be lost with the others.
    func testAComparisonWithAVariantOverSingleValuesIsRefusedBeforeAnythingIsTrained() throws {
        try assertRefused(
            ["compare", "--norms", "gn,in", "--model", "head", "--out", "run"] + Self.smallTraining,
            "in: normalization1, which gets 1×1×64 values of an image, would take variances over a single value, and "
                + "these are no statistics: take a larger --batch, larger images, statistics over more workers, or another "
                + "norm.")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run")))
    }

    /// 22 images among 3 workers are 8, 7, 7; with a batch of 3, the last step has 2 + 1 + 1 of them.
    func testRatesFollowTheImagesOfAStepWhereThatIsAskedFor() throws {
        let constant = [
            "--workers", "3", "--batch", "3", "--lr", "0.01", "--set", "training.schedule=constant", "--quiet",
        ]
        for (options, rates) in [
            ([], [0.01, 0.01, 0.01]), (["--set", "training.lastBatch=scale"], [0.01, 0.01, 0.01 * 4 / 9]),
            (["--set", "training.lastBatch=drop"], [0.01, 0.01]),
            (["--set", "training.learningRateImages=36"], [0.0025, 0.0025, 0.0025]),
        ] {
            try assertWorks(smallRun("gn") + constant + options)
            let shown = try files.metrics().dropFirst().map { try XCTUnwrap(Double($0[2])) }
            XCTAssertEqual(shown.count, rates.count, "\(options)")
            for (rate, expected) in zip(shown, rates) { XCTAssertEqual(rate, expected, accuracy: 1e-15, "\(options)") }
        }
    }

    /// 23 images among 3 workers are 8, 8, 7, other ones in every epoch; the last step has 2 + 2 + 1.
    func testTheChoicesOfShardsLastBatchDecayAndRateAreTheSameOnAnyRanksAndAfterAResume() throws {
        let choices = [
            "dataset.trainImages=23", "dataset.validation=30", "training.shards=reshuffled", "training.lastBatch=scale",
            "training.decay=weights", "training.learningRateImages=12",
        ].flatMap { ["--set", $0] }
        func state(_ options: [String], ranks: Int) throws -> FinalState {
            try assertWorks(arguments(out: "whole") + options, ranks: ranks)
            return try FinalState(path("whole"))
        }
        let expected = try state(choices, ranks: 1)
        for ranks in [2, 3] { XCTAssertEqual(try state(choices, ranks: ranks), expected, "\(ranks) ranks") }
        for index in stride(from: 1, to: choices.count, by: 2) {
            var others = choices
            others.removeSubrange(index - 1...index)
            XCTAssertNotEqual(try state(others, ranks: 2).digest, expected.digest, "without \(choices[index])")
        }
        let job = try start(arguments() + choices, ranks: 2)
        try job.waitUntilItListens(ranks: 2)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 3)
        XCTAssertEqual(try FinalState(path("run")), expected)
    }
}
