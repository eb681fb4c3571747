import Autograd
import Datasets
import MPI
import Normalization
import Tasks
import Workers

@testable import Training

/// Two players whose scores are added: what one learns depends on what the other has learnt so far. The first has one
/// update in a step, the second three.
final class DuelTask: TrainingTask {
    let players: [Player]
    let stepsPerEpoch = 4
    let imagesPerEpoch = 36
    let hosting: Hosting
    let transport: RankTransport
    /// Of six workers, who change places from one update to the next.
    private static let images = [2, 1, 0, 3, 1, 2]

    init(
        on transport: RankTransport, second statistics: StatisticsGroup? = .workers(2),
        optimiser: (Int, [Parameter]) throws -> any Optimiser
    ) throws {
        let hosting = Hosting(workers: 6, ranks: transport.communicator.size, rank: transport.communicator.rank)
        let sums = ExactSums(transport)
        self.hosting = hosting
        self.transport = transport
        let networks = [
            TinyNetwork(statistics: .worker, hosting: hosting, sums: sums, momentum: .cumulative),
            TinyNetwork(statistics: statistics, hosting: hosting, sums: sums),
        ]
        players = try networks.enumerated().map { index, network in
            Player(
                name: ["first", "second"][index], network: network,
                optimiser: try optimiser(index, network.parameters),
                learningRate: LearningRate(
                    peak: [0.5, 0.25][index], schedule: { 1 - $0.share / 2 }, stepsPerEpoch: 4, epochs: 25),
                updatesPerStep: [1, 3][index], sums: sums)
        }
    }

    /// The same with gradient descent.
    convenience init(on transport: RankTransport, second statistics: StatisticsGroup? = .workers(2)) throws {
        try self.init(on: transport, second: statistics) { index, parameters in
            var setting = Setting(normalization: .none)
            setting.momentum = [0.9, 0.5][index]
            return try setting.optimiser(parameters)
        }
    }

    /// Images of the six workers in an update.
    static func counts(step: Int, update: Int, of player: String) -> [Int] {
        let turn = step + update + (player == "first" ? 0 : 1)
        return images.indices.map { images[($0 + turn) % images.count] }
    }

    func batch(step: Int, update: Int, of player: Player) -> LabelledBatch {
        let counts = Self.counts(step: step, update: update, of: player.name)
        let start = 20 * (step + update)
        let indices = hosting.hosted.map { worker in
            let first = start + counts[..<worker].reduce(0, +)
            return Array(first..<first + counts[worker])
        }
        return LabelledBatch(
            of: Digits.all, indices: indices, firstWorker: hosting.hosted.lowerBound,
            globalImages: counts.reduce(0, +))
    }

    func objective(of player: Player, _ batch: LabelledBatch, _ context: ForwardContext) throws -> Objective {
        let scores = try player.network(batch.images, context)
        var sum = scores
        for rival in players where rival !== player {
            let tape = Tape(layout: batch.layout, isRecording: false)
            let others = try rival.network(batch.images, ForwardContext(tape, mode: .batchStatistics))
            sum = context.tape.add(sum, Tensor(others.array, shape: others.shape))
        }
        let entropy = try context.tape.crossEntropy(sum, labels: batch.labels)
        return Objective(loss: entropy.loss, workerLosses: entropy.workerLossSums, output: sum)
    }

    func evaluationStatistics(of player: Player) -> [String: ChannelStatistics] { [:] }

    func evaluate() -> [Score] { [] }
}
