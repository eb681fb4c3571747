import Models
import Normalization
import Safetensors

extension PyTorchState {
    /// Puts the weights into a network, and the running statistics into every set of its batch norms.
    ///
    /// Every parameter must be there in its shape. Batch norms of a file without any running statistics keep theirs.
    /// Running statistics are left out where the network has no batch norm; every other tensor that the network does not
    /// take is an error.
    ///
    /// - Returns: whether running statistics were left out.
    /// - Throws: `SafetensorsError` or `TrainingError`; the network is then unchanged.
    @discardableResult
    public func restore(_ network: any Network) throws -> Bool {
        if file.names.contains(where: NetworkState.isOwnName) {
            throw TrainingError.notExported(path: file.path)
        }
        var writes: [() -> Void] = []
        var strangers = Set(file.names)
        for parameter in network.parameters {
            let name = Self.name(of: parameter.name)
            let values = try finiteFloats(named: name, shape: parameter.tensor.shape)
            strangers.remove(name)
            writes.append { _ = parameter.tensor.values.update(from: values) }
        }
        let running = file.names.filter { name in Self.runningNames.contains { name.hasSuffix(".\($0)") } }
        if !running.isEmpty {
            for layer in network.batchNormalizations {
                writes.append(try statistics(of: layer))
                for name in Self.runningNames { strangers.remove("\(layer.name).\(name)") }
            }
        }
        let leavesOut = network.batchNormalizations.isEmpty && !running.isEmpty
        if leavesOut { strangers.subtract(running) }
        if let stranger = strangers.min() {
            throw TrainingError.strangeTensor(path: file.path, tensor: stranger, shape: file[stranger]?.shape ?? [])
        }
        for write in writes { write() }
        return leavesOut
    }

    /// Reads the running statistics of a layer.
    ///
    /// - Returns: what puts them into every set that is kept here.
    private func statistics(of layer: BatchNormalization) throws -> () -> Void {
        let means = try finiteFloats(named: "\(layer.name).running_mean", shape: [layer.channels])
        let name = "\(layer.name).running_var"
        let variances = try finiteFloats(named: name, shape: [layer.channels])
        if let negative = variances.first(where: { $0 < 0 }) {
            throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(negative)")
        }
        let count = try batchCount(named: "\(layer.name).num_batches_tracked")
        return {
            let running = layer.running
            for set in 0..<running.setCount {
                running.mean.row(set).update(from: means, count: means.count)
                running.variance.row(set).update(from: variances, count: variances.count)
                running.batchCounts[set] = count
            }
        }
    }

    /// As many batches as a `Double` counts.
    private static let mostBatches: Int64 = 1 << 53

    private func batchCount(named name: String) throws -> Int {
        let count = try file.integers(named: name, shape: [])[0]
        guard (0...Self.mostBatches).contains(count) else {
            throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(count)")
        }
        return Int(count)
    }

    private func finiteFloats(named name: String, shape: [Int]) throws -> [Float] {
        let values = try file.floats(named: name, shape: shape)
        if let value = values.first(where: { !$0.isFinite }) {
            throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(value)")
        }
        return values
    }
}
