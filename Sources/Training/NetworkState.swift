import Files
import MPI
import Models
import Normalization
import Safetensors

/// Every parameter and running statistic of a run, whichever rank they live on.
///
/// Running statistics are kept with a row for each set: `normalization1.runningMean` is sets × channels.
public struct NetworkState {
    /// The tensors by name.
    public let file: TensorFile

    /// Gathers the state; all ranks take part, and all get it.
    public init(_ network: any Network, workers: Int, communicator: Communicator) throws {
        var file = TensorFile()
        for parameter in network.parameters {
            file[parameter.name] = StoredTensor(parameter.tensor.array, shape: parameter.tensor.shape)
        }
        for layer in network.batchNormalizations {
            let (means, variances) = try layer.running.gathered(over: communicator, workers: workers)
            let shape = [layer.running.totalSets, layer.channels]
            file[layer.name + Self.meanSuffix] = StoredTensor(means, shape: shape)
            file[layer.name + Self.varianceSuffix] = StoredTensor(variances, shape: shape)
        }
        self.file = file
    }

    /// A state that is part of a larger file.
    init(_ file: TensorFile) {
        self.file = file
    }

    /// Reads a state from a file.
    ///
    /// - Throws: `FileError` or `SafetensorsError`.
    public init(contentsOf path: String) throws {
        file = try TensorFile(contentsOf: path)
    }

    /// SHA-256 over the values of every tensor in name order, little-endian, in hexadecimal digits.
    public var digest: String {
        var digest = Digest()
        for name in file.names {
            guard case .float32(let values) = file[name]?.elements else { continue }
            let words = values.map { $0.bitPattern.littleEndian }
            words.withUnsafeBytes { digest.add($0) }
        }
        return digest.hexadecimal
    }

    /// Puts the values into a network; each rank takes the running statistics of the workers that it hosts.
    ///
    /// - Throws: `SafetensorsError` or `TrainingError.otherNetwork` when a tensor is missing, has another shape, or does
    ///   not belong to the network; the network is then unchanged.
    public func restore(_ network: any Network) throws {
        var writes: [() -> Void] = []
        var known: Set<String> = []
        for parameter in network.parameters {
            let values = try file.floats(named: parameter.name, shape: parameter.tensor.shape)
            known.insert(parameter.name)
            writes.append { _ = parameter.tensor.values.update(from: values) }
        }
        for layer in network.batchNormalizations {
            let running = layer.running
            let offset = running.firstSet * layer.channels
            for (suffix, tensor) in [(Self.meanSuffix, running.mean), (Self.varianceSuffix, running.variance)] {
                let name = layer.name + suffix
                let values = try file.floats(named: name, shape: [running.totalSets, layer.channels])
                known.insert(name)
                writes.append { _ = tensor.values.update(from: values[offset..<offset + tensor.count]) }
            }
        }
        if let stranger = file.names.first(where: { !known.contains($0) }) {
            throw TrainingError.otherNetwork(path: file.path, detail: "it has no tensor '\(stranger)'")
        }
        for write in writes { write() }
    }
}
