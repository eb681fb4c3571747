import Autograd
import TestSupport
import Workers
import XCTest

/// Twenty steps of training against PyTorch's.
final class TrainingCurveTests: XCTestCase {
    func testOneWorker() throws {
        try check("oneWorker", "syncbn", workers: 1)
    }

    func testTwoWorkersWithStatisticsOfTheirOwn() throws {
        try check("twoWorkers", "bn", workers: 2)
    }

    private func check(_ name: String, _ norm: String, workers: Int) throws {
        let training = try Golden("training")
        let images = try training.tensor("images")
        let labels = try training.integers("labels")
        let batches = try training.integers("batches")
        let losses = try training.doubles("\(name).losses")
        let batch = batches.count / losses.count
        let network = try goldenNetwork(ModelsTests.norm(norm), hosting: Hosting(workers: workers))
        let receiver = SummingReceiver(network.parameters)
        let layout = BatchLayout(imageCounts: Array(repeating: batch / workers, count: workers))
        let (rate, momentum, weightDecay) = (
            try training.doubles("learningRate")[0], try training.doubles("momentum")[0],
            try training.doubles("weightDecay")[0]
        )
        for (step, loss) in losses.enumerated() {
            let members = batches[step * batch..<(step + 1) * batch]
            let pixels = members.flatMap { UnsafeBufferPointer(start: images.row($0), count: 64) }
            let tape = Tape(layout: layout)
            let logits = try network(Tensor(pixels, shape: [batch, 8, 8, 1]), ForwardContext(tape))
            let entropy = try tape.crossEntropy(logits, labels: members.map { labels[$0] })
            assertClose(
                [entropy.workerLossSums.reduce(0, +) / Double(batch)], [loss], "\(name): loss of step \(step)")
            try tape.backward(from: entropy.loss, into: receiver)
            try receiver.step(rate: Float(rate), momentum: Float(momentum), weightDecay: Float(weightDecay))
        }
        // What is left after twenty steps: PyTorch in Float32 is as far away.
        for parameter in network.parameters where training.contains("\(name).final.\(parameter.name)") {
            assertClose(
                parameter.tensor.array, try training.floats("\(name).final.\(parameter.name)"), tolerance: 1e-4,
                "\(name).final.\(parameter.name)")
        }
        XCTAssertEqual(network.runningStatistics.count, 10)
        for (statistic, tensor) in network.runningStatistics {
            for worker in 0..<workers {
                let key = "\(name).worker\(worker).\(statistic)"
                let values = UnsafeBufferPointer(start: tensor.row(worker), count: tensor.rowCount)
                assertClose(values, try training.floats(key), tolerance: 1e-4, key)
            }
        }
    }
}
