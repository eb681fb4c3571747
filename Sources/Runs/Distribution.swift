import Autograd
import MPI
import Training

/// Values of which there are too many to look at each.
struct Distribution {
    /// What they are, and of which layer.
    let tag: String
    let values: [Double]
}

extension Session {
    /// The gains of all norms of a task, and the running statistics that evaluation uses, or would use if it used any: those
    /// of the first worker where it was told so, else those pooled over the workers. The same on every rank; a collective.
    func distributions(
        of task: some TrainingTask, evaluatedWith choice: EvaluationStatistics
    ) throws -> [Distribution] {
        try task.players.flatMap { player in
            let path = task.players.count > 1 ? "\(player.name)/" : ""
            let gains = player.parameters.filter { $0.role == .gain }.map {
                Distribution(tag: "gamma/\(path)\($0.layer)", values: $0.tensor.values.map(Double.init))
            }
            let layers = player.network.state.filter { $0.role == .runningMean }.map(\.layer)
            guard !layers.isEmpty else { return gains }
            let state = try NetworkState(
                player.network, workers: task.hosting.workers, communicator: communicator)
            let statistics = try choice.statistics(of: player.network, in: state)
            return gains
                + layers.flatMap { layer in
                    guard let found = statistics[layer] else { return [Distribution]() }
                    return [
                        Distribution(tag: "running_mean/\(path)\(layer)", values: found.mean),
                        Distribution(tag: "running_variance/\(path)\(layer)", values: found.variance),
                    ]
                }
        }
    }
}
