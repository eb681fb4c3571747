import MPI
import Models
import Normalization
import Safetensors

/// The tensors of a checkpoint: those of `NetworkState`, the optimiser's velocities, and how many batches each set of
/// running statistics has seen.
///
/// The sampler's position is the step, and the exact sums keep nothing from one step to the next.
extension Trainer {
    /// The run as it is now; all ranks take part, and all get it.
    ///
    /// - Parameter metrics: the text of `metrics.csv` so far.
    public func checkpoint(_ header: Checkpoint.Header, metrics: String) throws -> Checkpoint {
        var file = try state()
        let text = Array(metrics.utf8)
        file[Self.metricsName] = StoredTensor(text, shape: [text.count])
        return Checkpoint(header: header, tensors: file)
    }

    static var metricsName: String { "metrics" }
    static var velocitySuffix: String { ".velocity" }
    static var countsSuffix: String { ".batchCounts" }

    private func state() throws -> TensorFile {
        let (communicator, workers) = (descent.communicator.communicator, descent.hosting.workers)
        var file = try NetworkState(network, workers: workers, communicator: communicator).file
        for (index, parameter) in network.parameters.enumerated() {
            file[parameter.name + Self.velocitySuffix] = StoredTensor(
                descent.optimizer.velocities[index], shape: parameter.tensor.shape)
        }
        for layer in network.batchNormalizations {
            let counts = try layer.running.gatheredBatchCounts(over: communicator, workers: workers)
            file[layer.name + Self.countsSuffix] = StoredTensor(counts.map(Int64.init), shape: [counts.count])
        }
        return file
    }

    /// Puts a state back; each rank takes the running statistics of the workers that it hosts now.
    ///
    /// - Throws: `SafetensorsError` or `TrainingError.otherNetwork`; the trainer is then unchanged.
    public func restore(_ checkpoint: Checkpoint) throws {
        let file = checkpoint.tensors
        var velocities: [[Float]] = []
        var own = file
        own[Self.metricsName] = nil
        for parameter in network.parameters {
            let name = parameter.name + Self.velocitySuffix
            velocities.append(try file.floats(named: name, shape: parameter.tensor.shape))
            own[name] = nil
        }
        var counts: [(RunningStatistics, [Int])] = []
        for layer in network.batchNormalizations {
            let running = layer.running
            let name = layer.name + Self.countsSuffix
            let all = try file.integers(named: name, shape: [running.totalSets])
            counts.append((running, all[running.firstSet..<running.firstSet + running.setCount].map(Int.init)))
            own[name] = nil
        }
        try NetworkState(own).restore(network)
        descent.optimizer.restore(velocities)
        for (running, counts) in counts { running.batchCounts = counts }
    }
}

extension Checkpoint {
    /// The parameters and running statistics.
    public var networkState: NetworkState {
        var file = tensors
        file[Trainer.metricsName] = nil
        for name in file.names where name.hasSuffix(Trainer.velocitySuffix) || name.hasSuffix(Trainer.countsSuffix) {
            file[name] = nil
        }
        return NetworkState(file)
    }

    /// The text of `metrics.csv` up to this checkpoint; nil when it is missing.
    public var metrics: String? {
        (try? tensors.bytes(named: Trainer.metricsName)).map { String(decoding: $0, as: UTF8.self) }
    }
}
