import Autograd
import Files
import MPI
import Safetensors

/// Every parameter and state tensor of a network, whichever rank they live on.
///
/// State that belongs to workers has a row for each set: `normalization1.runningMean` is sets × channels.
public struct NetworkState {
    /// The tensors by name.
    public let file: TensorFile

    /// What marks a file as one of these, among its metadata.
    static let format = (key: "format", value: "normtrain")

    /// Gathers the state; all ranks take part, and all get it.
    public init(_ network: any Module, workers: Int, communicator: Communicator) throws {
        var file = TensorFile(metadata: [Self.format.key: Self.format.value])
        file.store(network.parameters)
        try file.store(network.state, workers: workers, communicator: communicator)
        self.file = file
    }

    /// Gathers the state of all players; that of several has the player's name before each tensor's.
    public init(_ players: [Player], workers: Int, communicator: Communicator) throws {
        guard players.count > 1 else {
            try self.init(players[0].network, workers: workers, communicator: communicator)
            return
        }
        var file = TensorFile(metadata: [Self.format.key: Self.format.value])
        for player in players {
            let part = try NetworkState(player.network, workers: workers, communicator: communicator).file
            for name in part.names { file["\(player.name)/\(name)"] = part[name] }
        }
        self.init(file)
    }

    /// A state that is part of a larger file.
    init(_ file: TensorFile) {
        self.file = file
    }

    /// Reads a state from the bytes of a file.
    ///
    /// - Parameter path: what errors call it.
    /// - Throws: `SafetensorsError`.
    public init(bytes: [UInt8], path: String) throws {
        file = try TensorFile(bytes: bytes, path: path)
    }

    /// SHA-256 over the values of every tensor in name order, little-endian, in hexadecimal digits.
    public var digest: String {
        var digest = Digest()
        for name in file.names {
            var bytes: [UInt8] = []
            file[name]?.append(to: &bytes)
            digest.add(bytes)
        }
        return digest.hexadecimal
    }

    /// Puts the values into a network; each rank takes the rows that it keeps.
    ///
    /// - Throws: `SafetensorsError` or `TrainingError.otherNetwork` when a tensor is missing, has another shape, or does
    ///   not belong to the network; the network is then unchanged.
    public func restore(_ network: any Module) throws {
        try restoration(of: network).write()
    }

    /// Puts the values into the networks of all players, as they were gathered from them.
    ///
    /// - Throws: as for a single network; all of them are then unchanged.
    public func restore(_ players: [Player]) throws {
        guard players.count > 1 else { return try restore(players[0].network) }
        let restorations = try players.map { player in
            try NetworkState(file.part(under: "\(player.name)/")).restoration(of: player.network)
        }
        for restoration in restorations { restoration.write() }
    }

    /// The values on their way into a network, which is still unchanged.
    ///
    /// - Throws: as `restore`.
    func restoration(of network: any Module) throws -> Restoration {
        var restoration = Restoration(file)
        try restoration.add(network.parameters)
        try restoration.add(network.state)
        try restoration.requireEverythingFound()
        return restoration
    }

    /// The values of a state tensor over all workers, whole numbers as Float.
    public func values(of tensor: StateTensor) -> [Float] {
        switch file[tensor.name]?.elements {
        case .float32(let values): values
        case .int64(let values): values.map { Float($0) }
        default: []
        }
    }
}
