import Autograd
import Datasets
import Foundation
import Safetensors
import TestSupport
import Training
import Workers
import XCTest

@testable import Tasks

/// Exported weights, loaded by PyTorch itself.
final class PyTorchTests: CommandLineTestCase {
    private let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private let workers = 2
    private let trainImages = 100

    override func setUpWithError() throws {
        try super.setUpWithError()
        try Python.require("torch", "safetensors")
    }

    func testPyTorchLoadsExportedWeightsStrictlyAndComputesTheSameLogits() throws {
        let norms = [("bn", "bn"), ("syncbn", "bn"), ("gn", "gn"), ("none", "none")]
        var arguments = [tests.appendingPathComponent("Golden/load_exported.py").path]
        for (norm, module) in norms {
            let (weights, logits) = ("\(norm).safetensors", "\(norm)-logits.safetensors")
            try assertWorks(smallRun(norm, "--workers", "\(workers)", "--train-images", "\(trainImages)", "--quiet"))
            try assertWorks(["export", "run", "--pytorch", weights])
            try writeLogits(of: "run", norm, to: logits)
            arguments += [module, weights, logits]
        }
        let outcome = try start(Python.interpreter, arguments)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let differences = outcome.output.split(separator: "\n").map { Double($0) ?? .infinity }
        XCTAssertEqual(differences.count, norms.count, outcome.output)
        XCTAssertLessThanOrEqual(differences.max() ?? .infinity, 1e-5, outcome.output)
    }

    func testTheExampleInTheReadmeRuns() throws {
        let readme = try String(
            contentsOf: tests.deletingLastPathComponent().appendingPathComponent("README.md"), encoding: .utf8)
        let example = try XCTUnwrap(readme.components(separatedBy: "```python\n").dropFirst().first)
            .components(separatedBy: "```")[0]
        try assertWorks(smallRun("syncbn", "--quiet"))
        try assertWorks(["export", "run", "--pytorch", "mine.safetensors"])
        let outcome = try start(
            Python.interpreter, ["-c", example],
            environment: ["PYTHONPATH": tests.appendingPathComponent("Golden").path])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.output, "torch.Size([2, 10])\n")
    }

    /// Writes test images, as a run on the digits normalises them, and what its weights make of them.
    private func writeLogits(of run: String, _ norm: String, to file: String) throws {
        let dataset = try Dataset.source("digits").load()
            .drawn(trainImages: trainImages, validation: 0, seed: 1)
        var settings = TaskSettings(seed: 1, workers: workers)
        settings.normalization.norm = norm
        let network = try settings.network(
            images: dataset.test.shape, classes: 10, hosting: Hosting(workers: workers), sums: ExactSums())
        let weights = path("\(run)/weights.safetensors")
        try NetworkState(bytes: Array(Data(contentsOf: URL(fileURLWithPath: weights))), path: weights).restore(network)
        let images = dataset.tensor(of: dataset.test, 0..<100)
        let tape = Tape(layout: BatchLayout(images: images.shape[0]), isRecording: false)
        let logits = try network(images, ForwardContext(tape, mode: .evaluation))
        var answers = TensorFile()
        answers["images"] = StoredTensor(images.array, shape: images.shape)
        answers["logits"] = StoredTensor(logits.array, shape: logits.shape)
        try answers.write(to: path(file))
    }
}
