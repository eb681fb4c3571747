import Autograd
import Files
import Safetensors

/// The weights of a network under the names and in the layouts that `load_state_dict` of the same network in PyTorch
/// takes.
///
/// Convolution weights are output × input channels × height × width and dense weights outputs × inputs in both; images
/// are reduced to means over their pixels before a dense layer, so that no order of flattening matters. A batch norm has a
/// single set of running statistics.
public struct PyTorchState: Sendable {
    /// The tensors by name.
    public let file: TensorFile

    /// What stands before every name, as `DistributedDataParallel` and `torch.compile` put it there.
    private var prefix = ""

    /// The weights of a network.
    ///
    /// - Parameters:
    ///   - stored: the network's state, with the rows of all ranks. Of rows of its own that a layer keeps, as a norm its
    ///     running statistics, the file gets the first; of batches the number that the busiest set has seen.
    ///   - statistics: of each layer with running statistics by name, in place of the sets of all workers.
    /// - Throws: `SafetensorsError` when the state is of another network.
    public init(_ network: any Module, _ stored: NetworkState, statistics: [String: ChannelStatistics]) throws {
        var file = TensorFile(metadata: ["format": "pt"])
        for parameter in network.parameters {
            file[parameter.pytorchName] = StoredTensor(parameter.tensor.array, shape: parameter.tensor.shape)
        }
        for state in network.state {
            let statistics = statistics[state.layer]
            switch (state.role, state.values) {
            case (.runningMean, _):
                file[state.pytorchName] = statistics.map {
                    StoredTensor($0.mean.map { Float($0) }, shape: state.rowShape)
                }
            case (.runningVariance, _):
                file[state.pytorchName] = statistics.map {
                    StoredTensor($0.variance.map { Float($0) }, shape: state.rowShape)
                }
            case (.batchCount, _):
                let counts = try stored.file.integers(named: state.name, shape: state.wholeShape)
                file[state.pytorchName] = StoredTensor([counts.max() ?? 0], shape: [])
            case (.own, .floats), (.constantMean, .floats), (.constantVariance, .floats):
                let values = try stored.file.floats(named: state.name, shape: state.wholeShape)
                file[state.pytorchName] = StoredTensor(Array(values.prefix(state.rowCount)), shape: state.rowShape)
            case (.own, .counts), (.constantMean, .counts), (.constantVariance, .counts):
                let values = try stored.file.integers(named: state.name, shape: state.wholeShape)
                file[state.pytorchName] = StoredTensor(Array(values.prefix(state.rowCount)), shape: state.rowShape)
            }
        }
        self.file = file
    }

    /// Reads the bytes of a file of safetensors.
    ///
    /// - Parameter path: what errors call it.
    /// - Throws: `SafetensorsError`.
    public init(bytes: [UInt8], path: String) throws {
        file = try TensorFile(bytes: bytes, path: path)
        prefix = file.wrapperPrefix
    }

    /// Puts the weights into a network, and the running statistics into every set of its layers.
    ///
    /// Every parameter must be there in its shape, as single-precision numbers or as ones of 64 or 16 bits, which are
    /// rounded to the nearest. Before every name may stand `module.` or `_orig_mod.`, also several times. A file without
    /// any running statistics leaves those of the network alone, unless they are constants, which must be there; those that
    /// the network has no place for are left out.
    /// Running statistics without their number of batches, as early versions of PyTorch saved them, count as having seen
    /// one: they are statistics of something. Every other tensor that the network does not take is an error.
    ///
    /// - Returns: whether running statistics were left out.
    /// - Throws: `SafetensorsError` or `TrainingError`; the network is then unchanged.
    @discardableResult
    public func restore(_ network: any Module) throws -> Bool {
        if file.metadata[NetworkState.format.key] == NetworkState.format.value {
            throw TrainingError.notExported(path: file.path)
        }
        var writes: [() -> Void] = []
        var unknown = Set(file.names)
        for parameter in network.parameters {
            let name = prefix + parameter.pytorchName
            let values = try finiteFloats(named: name, shape: parameter.tensor.shape)
            unknown.remove(name)
            writes.append { _ = parameter.tensor.values.update(from: values) }
        }
        let known = Self.runningStatistics(of: network)
        let statistics = file.names.filter { known.contains(String($0.dropFirst(prefix.count))) }
        for state in network.state where !statistics.isEmpty || !state.isRunningStatistic {
            writes.append(try write(to: state))
            unknown.remove(prefix + state.pytorchName)
        }
        let leavesOut = !statistics.isEmpty && !network.state.contains(where: \.isRunningStatistic)
        if leavesOut { unknown.subtract(statistics) }
        if let first = unknown.min() {
            throw TrainingError.unknownTensor(path: file.path, tensor: first, shape: file[first]?.shape ?? [])
        }
        for write in writes { write() }
        return leavesOut
    }

    /// Reads the values of a state tensor.
    ///
    /// - Returns: what puts them into every row that is kept here.
    private func write(to state: StateTensor) throws -> () -> Void {
        let name = prefix + state.pytorchName
        switch state.values {
        case .counts(let counts):
            let row =
                state.role == .batchCount
                ? [try batchCount(named: name)] : try file.wholeNumbers(named: name, shape: state.rowShape)
            return { counts.values = counts.values.indices.map { row[$0 % row.count] } }
        case .floats(let tensor):
            let values = try finiteFloats(named: name, shape: state.rowShape)
            if [.runningVariance, .constantVariance].contains(state.role),
                let negative = values.first(where: { $0 < 0 })
            {
                throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(negative)")
            }
            return {
                for start in stride(from: 0, to: tensor.count, by: values.count) {
                    (tensor.pointer + start).update(from: values, count: values.count)
                }
            }
        }
    }

    /// As many batches as a `Double` counts.
    private static let mostBatches: Int64 = 1 << 53

    private func batchCount(named name: String) throws -> Int64 {
        guard file[name] != nil else { return 1 }
        let count = try file.wholeNumbers(named: name, shape: [])[0]
        guard (0...Self.mostBatches).contains(count) else {
            throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(count)")
        }
        return count
    }

    private func finiteFloats(named name: String, shape: [Int]) throws -> [Float] {
        let values = try file.roundedFloats(named: name, shape: shape)
        if let value = values.first(where: { !$0.isFinite }) {
            throw TrainingError.impossibleValue(path: file.path, tensor: name, value: "\(value)")
        }
        return values
    }

    /// What PyTorch would call the running statistics of the network's norms, if these had any.
    private static func runningStatistics(of network: any Module) -> Set<String> {
        let norms = network.parameters.filter { [.gain, .shift].contains($0.role) }.map(\.layer)
        let roles: [StateTensor.Role] = [.runningMean, .runningVariance, .batchCount]
        return Set((norms + network.state.map(\.layer)).flatMap { layer in roles.map { "\(layer).\($0.pytorchName)" } })
    }
}

extension StateTensor.Role {
    fileprivate var pytorchName: String {
        switch self {
        case .runningMean, .constantMean: "running_mean"
        case .runningVariance, .constantVariance: "running_var"
        case .batchCount: "num_batches_tracked"
        case .own(let name): name
        }
    }
}

extension StateTensor {
    fileprivate var pytorchName: String { "\(layer).\(role.pytorchName)" }

    /// The extents of a single set, which is all that PyTorch keeps.
    fileprivate var rowShape: [Int] {
        switch placement {
        case .everywhere: shape
        case .rows: Array(shape.dropFirst())
        }
    }

    /// Values of such a set.
    fileprivate var rowCount: Int { rowShape.reduce(1, *) }

    fileprivate var isRunningStatistic: Bool {
        switch role {
        case .runningMean, .runningVariance, .batchCount: true
        case .constantMean, .constantVariance, .own: false
        }
    }
}

extension TensorFile {
    /// The longest run of wrappers' names that stands before the name of every tensor.
    fileprivate var wrapperPrefix: String {
        let names = names
        var prefix = ""
        while let wrapper = ["module.", "_orig_mod."].first(where: { wrapper in
            !names.isEmpty && names.allSatisfy { $0.hasPrefix(prefix + wrapper) }
        }) {
            prefix += wrapper
        }
        return prefix
    }
}
