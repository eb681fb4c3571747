import Foundation
import TestSupport
import XCTest

/// Full-batch gradient descent beside PyTorch's in Float64: every error of a formula adds up over the steps.
final class DescentTests: CommandLineTestCase {
    private let steps = 25
    /// Where descent without batch norm is stable: at 0.1 its losses rise again, and whatever errs grows tenfold in a step.
    private let rate = 0.01
    private let batchNormRate = 0.1
    /// The embedded test images: in Float64 all digits would take PyTorch minutes.
    private let images = 360

    override func setUpWithError() throws {
        try super.setUpWithError()
        try Python.require("torch", "safetensors")
    }

    func testBatchNormDescendsAsPyTorchs() throws {
        try assertDescends("bn", workers: 1, ranks: 1, as: "bn", rate: batchNormRate)
    }

    /// Three workers of 120 images: what PyTorch computes over all of them at once.
    func testSynchronisedBatchNormOfSeveralWorkersDescendsAsOneBatchNorm() throws {
        try assertDescends("syncbn", workers: 3, ranks: 2, as: "bn", rate: batchNormRate)
    }

    func testGroupNormDescendsAsPyTorchs() throws { try assertDescends("gn", workers: 3, ranks: 2, as: "gn") }

    func testLayerNormDescendsAsPyTorchs() throws { try assertDescends("ln", workers: 3, ranks: 2, as: "ln") }

    func testInstanceNormDescendsAsPyTorchs() throws { try assertDescends("in", workers: 3, ranks: 2, as: "in") }

    func testRootMeanSquareNormDescendsAsPyTorchs() throws {
        try assertDescends("rms", workers: 3, ranks: 2, as: "rms")
    }

    func testWithoutANormItDescendsAsPyTorch() throws { try assertDescends("none", workers: 3, ranks: 2, as: "none") }

    /// - Parameter module: what `descent.py` calls PyTorch's norm.
    private func assertDescends(
        _ norm: String, workers: Int, ranks: Int, as module: String, rate: Double? = nil
    ) throws {
        let rate = rate ?? self.rate
        // Only the names in it count.
        try assertWorks(smallRun(norm, "--quiet", out: "names"), ranks: 1)
        try assertWorks(["export", "names", "--pytorch", "names.safetensors"], ranks: 1)
        try copyDigits()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/descent.py").path
        let reference = try start(
            Python.interpreter,
            [script, module, "names.safetensors", "initial.safetensors", "\(steps)", "\(rate)", "t10k"], seconds: 300)
        XCTAssertEqual(reference.status, 0, reference.errors)
        let expected = reference.outputLines.compactMap { Double($0) }
        XCTAssertEqual(expected.count, steps)

        // Each worker takes its whole shard in every step.
        let settings = ["schedule=constant", "momentum=0", "weightDecay=0", "warmUpEpochs=0"]
        let training =
            ["train", "--norm", norm, "--dataset", "mnist", "--data", "digits", "--epochs", "\(steps)"]
            + ["--workers", "\(workers)", "--batch", "\(images / workers)", "--lr", "\(rate)"]
            + settings.flatMap { ["--set", "training.\($0)"] }
            + ["--init", "initial.safetensors", "--out", "run", "--quiet"]
        let outcome = try normtrain(training, ranks: ranks, seconds: 120)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let losses = try RunFiles(path: path("run")).metrics().dropFirst().compactMap { Double($0[1]) }
        XCTAssertEqual(losses.count, steps)
        XCTAssertLessThan(try XCTUnwrap(losses.last), losses[0] - 0.01, "it does not descend")
        let difference = zip(losses, expected).map { abs($0 - $1) }.max() ?? .infinity
        print("\(norm): losses from \(losses[0]) to \(losses[steps - 1]), at most \(difference) off")
        XCTAssertLessThan(difference, 1e-4)
    }

    /// Makes a data set of the embedded test images, which are then trained on, too.
    private func copyDigits() throws {
        try FileManager.default.createDirectory(atPath: path("digits"), withIntermediateDirectories: false)
        let digits = URL(fileURLWithPath: Self.launchFolder).deletingLastPathComponent()
            .appending(path: "Sources/Datasets/Digits").path
        for file in ["images-idx3", "labels-idx1"] {
            for part in ["train", "t10k"] {
                try FileManager.default.copyItem(
                    atPath: "\(digits)/t10k-\(file)-ubyte.gz", toPath: path("digits/\(part)-\(file)-ubyte.gz"))
            }
        }
    }
}
