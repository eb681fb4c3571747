import Safetensors
import Workers

/// The tensors of a checkpoint, by their place in it: `classifier/network/convolution1.weight` is a parameter of the
/// player `classifier`, `classifier/optimiser/…` what its optimiser keeps, `classifier/exchange/units` what the next exact
/// sum depends on, and `metrics`, `epochs` and `telemetry` the texts of the tables of these names so far.
///
/// The position in the data is the step, and needs no tensor.
extension Trainer {
    /// The run as it is now; all ranks take part, and all get it.
    ///
    /// - Parameters:
    ///   - metrics: the text of `metrics.csv` so far.
    ///   - epochs: that of `epochs.csv`; nil before its first row.
    ///   - telemetry: that of `telemetry.csv`; nil where the run has none.
    /// - Throws: `TrainingError.drift` when the ranks do not keep the same.
    public func checkpoint(
        _ header: Checkpoint.Header, metrics: String, epochs: String? = nil, telemetry: String? = nil
    ) throws -> Checkpoint {
        try requireEqualWeights(afterStep: header.step)
        let (communicator, workers) = (transport.communicator, task.hosting.workers)
        var file = TensorFile()
        for player in task.players {
            let network = try NetworkState(player.network, workers: workers, communicator: communicator)
            file.add(network.file, under: Checkpoint.networkPath(of: player.name))
            var optimiser = TensorFile()
            try optimiser.store(player.optimiser.state, workers: workers, communicator: communicator)
            file.add(optimiser, under: Self.optimiserPath(of: player))
            let memory = player.exchange.memory
            file[Self.memoryPath(of: player)] = StoredTensor(memory, shape: [memory.count])
        }
        for (path, text) in [
            (Checkpoint.metricsPath, metrics), (Checkpoint.epochsPath, epochs), (Checkpoint.telemetryPath, telemetry),
        ] {
            file[path] = text.map { StoredTensor(Array($0.utf8), shape: [$0.utf8.count]) }
        }
        return Checkpoint(header: header, tensors: file)
    }

    /// Puts a state back; each rank takes the rows that it keeps.
    ///
    /// - Throws: `SafetensorsError` or `TrainingError.otherNetwork`; all players are then unchanged.
    public func restore(_ checkpoint: Checkpoint) throws {
        var writes: [() -> Void] = []
        for player in task.players {
            let network = try checkpoint.networkState(of: player.name).restoration(of: player.network)
            var optimiser = Restoration(checkpoint.tensors.part(under: Self.optimiserPath(of: player)))
            try optimiser.add(player.optimiser.state)
            try optimiser.requireEverythingFound()
            let memory = try checkpoint.tensors.integers(
                named: Self.memoryPath(of: player), shape: [player.exchange.memory.count])
            writes += [network.write, optimiser.write, { player.exchange.memory = memory }]
        }
        for write in writes { write() }
    }

    private static func optimiserPath(of player: Player) -> String { "\(player.name)/optimiser/" }
    private static func memoryPath(of player: Player) -> String { "\(player.name)/exchange/units" }
}

extension Checkpoint {
    static let metricsPath = "metrics"
    static let epochsPath = "epochs"
    static let telemetryPath = "telemetry"

    static func networkPath(of player: String) -> String { "\(player)/network/" }

    /// The parameters and the state of a player's network.
    public func networkState(of player: String) -> NetworkState {
        NetworkState(tensors.part(under: Self.networkPath(of: player)))
    }

    /// The text of `metrics.csv` up to this checkpoint; nil when it is missing.
    public var metrics: String? { text(named: Self.metricsPath) }

    /// The text of `epochs.csv` up to this checkpoint; nil where it had no row yet.
    public var epochs: String? { text(named: Self.epochsPath) }

    /// The text of `telemetry.csv` up to this checkpoint; nil where the run has none.
    public var telemetry: String? { text(named: Self.telemetryPath) }

    private func text(named name: String) -> String? {
        (try? tensors.bytes(named: name)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension TensorFile {
    /// Adds the tensors of another file, with a path before each name.
    fileprivate mutating func add(_ other: TensorFile, under path: String) {
        for name in other.names { self[path + name] = other[name] }
    }

    /// The tensors whose names begin with a path, without it.
    func part(under path: String) -> TensorFile {
        var part = self
        for name in names {
            part[name] = nil
            if name.hasPrefix(path) { part[String(name.dropFirst(path.count))] = self[name] }
        }
        return part
    }
}
