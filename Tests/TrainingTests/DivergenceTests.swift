import Autograd
import Datasets
import Normalization
import Training
import Workers
import XCTest

/// A run that diverges says so on every rank alike: in which step, and which layer was the first.
final class DivergenceTests: TrainingTestCase {
    func testWithoutNormalization() throws {
        try assertDiverges(.none, layer: "convolution2")
    }

    func testPerWorkerBatchNorm() throws { try assertDiverges(.batch(.worker), layer: "convolution2") }

    func testSynchronizedBatchNorm() throws {
        // The squares of the first convolution's outputs are finite in Double, but beyond the exact sums.
        try assertDiverges(.batch(.world), layer: "normalization1")
    }

    func testGroupNorm() throws { try assertDiverges(.group, layer: "convolution2") }

    func testTheFirstLayerIsNamedWhereverItIsHosted() throws {
        // The second layer fails with the first worker, the first layer with the last one.
        let workers = 6
        let run = try tinyRun(workers: workers) { layer, output, layout in
            let failing = layer == "means" ? workers - 1 : 0
            for (hosted, images) in layout.imageRanges.enumerated() where layout.firstWorker + hosted == failing {
                for image in images { output.row(image)[0] = .infinity }
            }
        }
        let errors = try errorsOfAllRanks { _ = try run.trainer.step(0) }
        XCTAssertEqual(Set(errors).count, 1, "\(errors)")
        XCTAssertEqual(errors[0], TrainingError.diverged(step: 1, layer: "means").description)
        XCTAssertTrue(errors[0].contains("step 1") && errors[0].contains("means"), errors[0])
    }

    func testAGradientTooLargeForTheSumsIsNamed() throws {
        // Both factors enter the gradient of the weights, and nothing else of the first step.
        let run = try tinyRun(workers: 6, scoreFactor: 1e20) { layer, output, layout in
            if layer == "means" && layout.firstWorker == 0 { output.row(0)[0] = 1e20 }
        }
        let errors = try errorsOfAllRanks { _ = try run.trainer.step(0) }
        let expected = TrainingError.gradientOverflow(step: 1, parameter: "dense.weight").description
        XCTAssertEqual(errors, Array(repeating: expected, count: world.size))
        XCTAssertEqual(run.network.parameters[0].tensor.array, Array(repeating: 0, count: 10), "nothing was updated")
    }

    func testAGradientThatAFloatHoldsIsSummedHoweverLarge() throws {
        let run = try tinyRun(workers: 6) { layer, output, layout in
            if layer == "means" && layout.firstWorker == 0 { output.row(0)[0] = 1e37 }
        }
        _ = try run.trainer.step(0)
        // (p − onehot)·x/N with p = 1/10 and N = 24 images.
        let gradient = try XCTUnwrap(run.task.player.gradients["dense.weight"]).map(abs).sorted()
        for value in gradient.dropLast() { XCTAssertEqual(value, 1e37 / 240, accuracy: 1e31) }
        XCTAssertEqual(gradient[9], 9e37 / 240, accuracy: 1e31)
    }

    func testLostStatisticsOfManyWorkersStayLost() throws {
        let setting = Setting(normalization: .batch(.world), images: 256, workers: 256, batch: 1, rate: 1e30)
        let errors = try errorsOfAllRanks { _ = try setting.run(on: world).train(steps: 0..<2) }
        let expected = TrainingError.diverged(step: 2, layer: "normalization1").description
        XCTAssertEqual(errors, Array(repeating: expected, count: world.size))
    }

    func testALossTooLargeForTheSumsIsNotBlamedOnALayer() throws {
        let run = try tinyRun(workers: 6) { _, _, _ in }
        // Scores that a Float holds, but whose differences are beyond 2¹²⁸.
        let bias = run.network.parameters[1].tensor
        bias.values.update(repeating: -3e38)
        bias.pointer[0] = 3e38
        let errors = try errorsOfAllRanks { _ = try run.trainer.step(0) }
        XCTAssertEqual(
            errors, Array(repeating: TrainingError.diverged(step: 1, layer: nil).description, count: world.size))
        XCTAssertTrue(errors[0].contains("step 1"), errors[0])
    }

    /// Weights of 10³⁰ after the first step make outputs of about 10³⁰ in the first convolution, and more than a Float
    /// holds in the second.
    private func assertDiverges(
        _ normalization: NormChoice, layer: String, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let setting = Setting(normalization: normalization, rate: 1e30)
        let expected = TrainingError.diverged(step: 2, layer: layer).description
        for communicator in [world!, alone!] {
            let errors = try errorsOfAllRanks { _ = try setting.run(on: communicator).train(steps: 0..<3) }
            XCTAssertEqual(errors, Array(repeating: expected, count: world.size), file: file, line: line)
        }
        XCTAssertTrue(expected.contains("step 2") && expected.contains(layer), expected, file: file, line: line)
    }

    private func tinyRun(
        workers: Int, scoreFactor: Float = 1, disturb: @escaping (String, Tensor, BatchLayout) -> Void
    ) throws -> Run {
        let network = TinyNetwork()
        network.scoreFactor = scoreFactor
        network.disturb = disturb
        return try Setting(normalization: .none, images: 30, workers: workers).run(on: world) { _, _ in network }
    }
}
