import Autograd
import Datasets
import Files
import Settings
import Training

extension Session {
    /// The configuration with the SHA-256 of its file of initial weights filled in, the same on every rank.
    ///
    /// With it, nothing of a run that goes on or is repeated can come from another file.
    package func withInitialWeights(_ configuration: Configuration) throws -> Configuration {
        var resolved = configuration
        let model = configuration.model
        guard let path = model.initialWeights, model.initialWeightsSHA256 == nil else { return configuration }
        let bytes = try read(path)
        _ = try agree { try PyTorchState(bytes: bytes, path: path) }
        resolved.model.initialWeightsSHA256 = Digest.hexadecimal(of: bytes)
        return resolved
    }

    /// Puts the weights of the plan's file into a network that was just made; without a file nothing happens.
    package func initialize(_ network: any Layer, _ plan: RunPlan) throws {
        guard try restore(network, plan), let path = plan.configuration.model.initialWeights else { return }
        logger.notice("\(path): \(plan.norm) has no running statistics; those of the file are left out.")
    }

    /// - Returns: whether the file has running statistics and the network has none.
    private func restore(_ network: any Layer, _ plan: RunPlan) throws -> Bool {
        let model = plan.configuration.model
        guard let path = model.initialWeights else { return false }
        let bytes = try read(path)
        return try agree {
            let state = try PyTorchState(bytes: bytes, path: path)
            let sha256 = Digest.hexadecimal(of: bytes)
            if let expected = model.initialWeightsSHA256, sha256 != expected {
                throw InitialWeightsError(path: path, expected: expected, found: sha256)
            }
            return try state.restore(network)
        }
    }

    /// Fails before the first variant is trained when one of them can't be, or when the file of initial weights does not
    /// fit it.
    package func requireTrainable(_ plans: [RunPlan], dataset: Dataset) throws {
        for plan in plans {
            do {
                let task = try agree { try plan.task(dataset, on: communicator) }
                for player in task.players { _ = try restore(player.network, plan) }
            } catch let failure as AgreedFailure {
                throw AgreedFailure(rank: failure.rank, message: "\(plan.norm): \(failure.message)")
            }
        }
    }
}

/// The file of initial weights is not the one that the configuration names.
struct InitialWeightsError: Error, Equatable, CustomStringConvertible {
    let path: String
    let expected: String
    let found: String

    var description: String {
        "\(path): its SHA-256 is \(found), but model.initialWeightsSHA256 is \(expected): "
            + "put the file back that the run began with, or set that key to null."
    }
}
