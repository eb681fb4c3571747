import Files
import Normalization
import Safetensors

/// The weights of a network under the names and in the layouts that `load_state_dict` of the same network in PyTorch
/// takes.
///
/// Convolution weights are output × input channels × height × width and dense weights classes × features in both; the
/// features are means over whole images, so that no order of flattening matters. γ and β are called `weight` and `bias`.
/// A batch norm has a single set of running statistics: `running_mean`, `running_var` and `num_batches_tracked`.
public struct PyTorchState: Sendable {
    /// The tensors by name.
    public let file: TensorFile

    static let runningNames = ["running_mean", "running_var", "num_batches_tracked"]

    /// The weights of a run.
    ///
    /// - Parameters:
    ///   - statistics: of each batch norm by name, in place of the sets of all workers.
    ///   - batches: how many the running statistics have followed.
    public init(_ state: NetworkState, statistics: [String: ChannelStatistics], batches: Int) {
        var file = TensorFile(metadata: ["format": "pt"])
        for name in state.file.names where !NetworkState.isRunningStatistic(name) {
            file[Self.name(of: name)] = state.file[name]
        }
        for (layer, statistics) in statistics {
            let channels = [statistics.mean.count]
            file["\(layer).running_mean"] = StoredTensor(statistics.mean.map { Float($0) }, shape: channels)
            file["\(layer).running_var"] = StoredTensor(statistics.variance.map { Float($0) }, shape: channels)
            file["\(layer).num_batches_tracked"] = StoredTensor([Int64(batches)], shape: [])
        }
        self.file = file
    }

    private init(file: TensorFile) {
        self.file = file
    }

    /// Reads a file of safetensors.
    ///
    /// - Returns: the weights, and the SHA-256 of the file in hexadecimal digits.
    /// - Throws: `FileError` or `SafetensorsError`.
    public static func read(_ path: String) throws -> (state: PyTorchState, sha256: String) {
        let bytes = try RegularFile.bytes(of: path)
        let file = try TensorFile(bytes: bytes, path: path)
        return (PyTorchState(file: file), Digest.hexadecimal(of: bytes))
    }

    /// PyTorch's name of a parameter.
    static func name(of parameter: String) -> String {
        for (suffix, replacement) in [(".gamma", ".weight"), (".beta", ".bias")] where parameter.hasSuffix(suffix) {
            return parameter.dropLast(suffix.count) + replacement
        }
        return parameter
    }
}
