import Autograd
import Datasets
import Foundation
import Models
import Normalization
import Safetensors
import XCTest

@testable import Training

/// Exported weights, loaded by PyTorch itself.
final class PyTorchTests: CommandLineTestCase {
    private let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private let workers = 2
    private let trainImages = 100

    override func setUpWithError() throws {
        try super.setUpWithError()
        let search = "from importlib.util import find_spec; assert find_spec('torch') and find_spec('safetensors')"
        guard try start("python3", ["-c", search]).status == 0 else {
            throw XCTSkip("python3 with torch and safetensors is not installed")
        }
    }

    func testPyTorchLoadsExportedWeightsStrictlyAndComputesTheSameLogits() throws {
        let batch = NormalizationChoice.batch(BatchNormalization.Options(statistics: .worker))
        let synchronized = NormalizationChoice.batch(BatchNormalization.Options(statistics: .world))
        let group = NormalizationChoice.group(groups: 8, epsilon: 1e-5, affine: true)
        let norms = [
            ("bn", "bn", batch), ("syncbn", "bn", synchronized), ("gn", "gn", group), ("none", "none", .none),
        ]
        var arguments = [tests.appendingPathComponent("Golden/load_exported.py").path]
        for (norm, module, choice) in norms {
            let (weights, logits) = ("\(norm).safetensors", "\(norm)-logits.safetensors")
            try assertWorks(smallRun(norm, "--workers", "\(workers)", "--train-images", "\(trainImages)", "--quiet"))
            try assertWorks(["export", "run", "--pytorch", weights])
            try writeLogits(of: "run", choice, to: logits)
            arguments += [module, weights, logits]
        }
        let outcome = try start("python3", arguments)
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
            "python3", ["-c", example], environment: ["PYTHONPATH": tests.appendingPathComponent("Golden").path])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.output, "torch.Size([2, 10])\n")
    }

    /// Writes test images, as a run on the digits normalises them, and what its weights make of them.
    private func writeLogits(of run: String, _ choice: NormalizationChoice, to file: String) throws {
        let dataset = try Dataset.source("digits", DatasetSettings(trainImages: trainImages)).load()
        let network = ConvolutionalNetwork(
            inputChannels: 1, classes: 10, normalization: choice, seed: 1, hosting: Hosting(workers: workers))
        try NetworkState(contentsOf: path("\(run)/weights.safetensors")).restore(network)
        let images = dataset.tensor(of: dataset.test, 0..<100)
        let tape = Tape(layout: BatchLayout(images: images.shape[0]), isRecording: false)
        let logits = try network.logits(images, mode: .evaluation, on: tape)
        var answers = TensorFile()
        answers["images"] = StoredTensor(images.array, shape: images.shape)
        answers["logits"] = StoredTensor(logits.array, shape: logits.shape)
        try answers.write(to: path(file))
    }
}
