import Datasets
import Foundation
import MPI
import XCTest

/// Steps of a linear classifier, against the same steps computed in Double from the formulas of the textbook:
/// p = softmax(w·x̄ + b), loss = mean of −log p(label), ∂/∂b = mean of p − onehot, ∂/∂w = mean of (p − onehot)·x̄.
final class ClosedFormTests: TrainingTestCase {
    func testTheFirstLossOfEqualScoresIsTheLogarithmOfTheClasses() throws {
        XCTAssertEqual(try tinyRun().train(steps: 0..<1)[0], log(10), accuracy: 1e-6)
    }

    func testStepsOfUnevenAndPartialBatches() throws {
        // Shards of 3 and 2 images in batches of 2: steps of 14 and 3 images, the latter of three workers.
        let run = try tinyRun()
        var classifier = LinearClassifier(setting)
        var sampler = run.task.sampler
        for step in 0..<10 {
            let images = (0..<setting.workers).flatMap { worker in
                sampler.batch(epoch: step / 2, step: step % 2, worker: worker)
            }
            XCTAssertEqual(images.count, step % 2 == 0 ? 14 : 3)
            let report = try run.trainer.step(step)
            XCTAssertEqual(report.step, step + 1)
            XCTAssertEqual(report.images, images.count)
            XCTAssertEqual(report.loss, classifier.step(images), accuracy: 1e-6, "step \(step)")
        }
        XCTAssertLessThan(
            relativeError(run.network.parameters[0].tensor.array, classifier.weight.map(Float.init)), 1e-5)
        XCTAssertLessThan(relativeError(run.network.parameters[1].tensor.array, classifier.bias.map(Float.init)), 1e-5)
    }

    private let setting = Setting(
        normalization: .none, images: 17, workers: 7, batch: 2, rate: 0.5, momentum: 0.9, weightDecay: 0.01)

    private func tinyRun() throws -> Run { try setting.run(on: world) { _, _ in TinyNetwork() } }
}

/// Softmax regression on the mean normalised pixel, in Double.
private struct LinearClassifier {
    var weight = Array(repeating: 0.0, count: 10)
    var bias = Array(repeating: 0.0, count: 10)
    private var weightVelocity = Array(repeating: 0.0, count: 10)
    private var biasVelocity = Array(repeating: 0.0, count: 10)
    private let setting: Setting
    private let images: ImageSet
    private let mean: Double
    private let deviation: Double

    init(_ setting: Setting) {
        self.setting = setting
        images = Digits.first(setting.images).train
        let bytes = images.images.map(Double.init)
        let mean = bytes.reduce(0, +) / Double(bytes.count)
        deviation = (bytes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(bytes.count)).squareRoot()
        self.mean = mean
    }

    /// One step of descent; returns the loss before it.
    mutating func step(_ indices: [Int]) -> Double {
        var loss = 0.0
        var weightGradient = Array(repeating: 0.0, count: 10)
        var biasGradient = Array(repeating: 0.0, count: 10)
        for index in indices {
            let feature = self.feature(index)
            let scores = (0..<10).map { exp(weight[$0] * feature + bias[$0]) }
            let label = Int(images.labels[index])
            loss -= log(scores[label] / scores.reduce(0, +)) / Double(indices.count)
            for output in 0..<10 {
                let error = scores[output] / scores.reduce(0, +) - (output == label ? 1 : 0)
                weightGradient[output] += error * feature / Double(indices.count)
                biasGradient[output] += error / Double(indices.count)
            }
        }
        descend(&weight, &weightVelocity, weightGradient)
        descend(&bias, &biasVelocity, biasGradient)
        return loss
    }

    private func feature(_ index: Int) -> Double {
        let bytes = images.images[index * images.valuesPerImage..<(index + 1) * images.valuesPerImage]
        return (bytes.reduce(0.0) { $0 + Double($1) } / Double(images.valuesPerImage) - mean) / deviation
    }

    private func descend(_ values: inout [Double], _ velocity: inout [Double], _ gradient: [Double]) {
        for index in values.indices {
            velocity[index] =
                setting.momentum * velocity[index] + gradient[index] + setting.weightDecay * values[index]
            values[index] -= setting.rate * velocity[index]
        }
    }
}
