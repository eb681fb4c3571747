import Files
import Safetensors

extension Trainer {
    /// Makes all ranks fail when one of them has other weights than the rest; a collective.
    ///
    /// Every rank computes the same update. Where one comes to another result, its memory or its processor has failed, and
    /// what it has sent since has reached all others.
    ///
    /// - Parameter step: steps that are done, for the message.
    /// - Throws: `TrainingError.drift`, on every rank alike.
    public func requireEqualWeights(afterStep step: Int) throws {
        let digests = try transport.communicator.allgather(digestOfWhatAllKeep, for: "digests of the weights")
        if let rank = Self.outlier(among: digests) { throw TrainingError.drift(step: step, rank: rank) }
    }

    /// The first rank whose digest is not that of most ranks; where two are equally frequent, not that of rank 0.
    static func outlier(among digests: [String]) -> Int? {
        let counts = Dictionary(digests.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        let right = digests.first { counts[$0] == most }
        return digests.firstIndex { $0 != right }
    }

    /// SHA-256 over everything that all ranks keep alike: the rows of workers belong to the ranks that host them.
    private var digestOfWhatAllKeep: String {
        var digest = Digest()
        for player in task.players {
            for parameter in player.parameters { digest.add(UnsafeRawBufferPointer(parameter.tensor.values)) }
            for state in player.network.state + player.optimiser.state where state.placement == .everywhere {
                switch state.values {
                case .floats(let floats): digest.add(UnsafeRawBufferPointer(floats.values))
                case .counts(let counts): counts.values.withUnsafeBytes { digest.add($0) }
                }
            }
            player.exchange.memory.withUnsafeBytes { digest.add($0) }
        }
        return digest.hexadecimal
    }
}
