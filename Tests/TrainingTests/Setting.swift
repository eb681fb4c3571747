import Autograd
import Catalogues
import Datasets
import MPI
import Models
import Normalization
import OneDNN
import Tasks
import Training
import Workers
import XCTest

/// A norm of the catalogue with its settings.
struct NormChoice: Equatable, CustomStringConvertible {
    var name: String
    var settings = NormSettings()

    static let group = NormChoice(name: "gn")
    static let layer = NormChoice(name: "ln")
    static let instance = NormChoice(name: "in")
    static let none = NormChoice(name: "none")

    static func batch(_ statistics: StatisticsGroup, _ change: (inout NormSettings) -> Void = { _ in }) -> NormChoice {
        var choice = NormChoice(name: "batch")
        choice.settings.statistics = statistics
        change(&choice.settings)
        return choice
    }

    var description: String { settings.statistics.map { "\(name) over \($0)" } ?? name }

    func norm() throws -> Norm { try XCTUnwrap(Norm.catalogue.named(name)).make(settings) }
}

/// The network `cnn` for digits.
func convolutionalNetwork(
    _ normalization: NormChoice, seed: UInt64, convolution: ConvolutionChoice = .fastest, hosting: Hosting,
    sums: any Sums
) throws -> any Layer {
    var settings = NetworkSettings(inputChannels: 1, classes: 10, norm: try normalization.norm(), seed: seed)
    settings.model.convolution = convolution
    settings.hosting = hosting
    settings.sums = sums
    return try XCTUnwrap(Networks.catalogue.named("cnn")).make(settings)
}

/// A configuration of a run, which says nothing about ranks.
struct Setting {
    var normalization: NormChoice
    var images = 41
    var testImages = 60
    var workers = 10
    var batch = 4
    var rate = 0.02
    var momentum = 0.9
    var weightDecay = 1e-4
    var evaluation = EvaluationSettings()
    /// Whether sums are those of integers.
    var isExact = true

    /// A run of the network `cnn` before its first step.
    func run(on communicator: Communicator, recorder: ProfileRecorder? = nil) throws -> Run {
        try run(on: communicator, recorder: recorder) { hosting, sums in
            try convolutionalNetwork(normalization, seed: 3, hosting: hosting, sums: sums)
        }
    }

    /// A run of another network before its first step.
    func run(
        on communicator: Communicator, recorder: ProfileRecorder? = nil,
        network makeNetwork: (Hosting, any Sums) throws -> any Layer
    ) throws -> Run {
        let hosting = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank)
        let transport = RankTransport(communicator)
        transport.recorder = recorder
        let sums: any Sums = isExact ? ExactSums(transport) : FloatingPointSums(transport)
        let network = try makeNetwork(hosting, sums)
        let sampler = Sampler(shards: Shards(count: images, workers: workers, seed: 7), batch: batch, seed: 7)
        let player = Player(
            name: Classification.playerName, network: network, optimiser: try optimiser(network.parameters),
            learningRate: LearningRate(
                peak: rate, schedule: { _ in 1 }, stepsPerEpoch: sampler.stepsPerEpoch, epochs: 100),
            sums: sums, probe: recorder)
        let settings = TaskSettings(seed: 7, workers: workers, evaluation: evaluation)
        let task = Classification(
            player, settings, dataset: Digits.first(images, test: testImages), sampler: sampler, hosting: hosting,
            transport: transport)
        return Run(task: task, trainer: Trainer(task), transport: transport, hosting: hosting)
    }

    func optimiser(_ parameters: [Parameter]) throws -> any Optimiser {
        var training = TrainingSettings()
        training.momentum = momentum
        training.weightDecay = weightDecay
        return try XCTUnwrap(Optimisers.catalogue.named("sgd")).make(
            OptimiserSettings(parameters: parameters, training: training))
    }
}

/// A run under way.
struct Run {
    let task: Classification
    let trainer: Trainer<Classification>
    let transport: RankTransport
    let hosting: Hosting

    var network: any Layer { task.player.network }

    /// The losses of the next steps.
    func train(steps: Range<Int>) throws -> [Double] {
        try steps.map { try trainer.step($0).loss }
    }

    /// Parameters and state of all ranks; a collective.
    func state() throws -> NetworkState {
        try NetworkState(network, workers: hosting.workers, communicator: transport.communicator)
    }

    /// A collective.
    func checkpoint(_ header: Checkpoint.Header, metrics: String = "") throws -> Checkpoint {
        try trainer.checkpoint(header, metrics: metrics)
    }
}

extension StateTensor {
    /// The numbers that this rank keeps; of whole ones none.
    var floats: [Float] {
        guard case .floats(let tensor) = values else { return [] }
        return tensor.array
    }

    /// The whole numbers that this rank keeps.
    var counts: [Int64] {
        guard case .counts(let counts) = values else { return [] }
        return counts.values
    }

    /// The rows of the run that this rank keeps.
    var rows: Range<Int> {
        let count = shape.first ?? 1
        guard case .rows(let first, _) = placement else { return 0..<count }
        return first..<first + count
    }
}

extension Conditions {
    /// Some that no process has.
    static let ofTests = Conditions(
        arithmetic: Arithmetic(instructionSet: "AVX2", oneDNN: "2.6.3", environment: []),
        caches: "32, 1024 and 32768 KiB", program: "ab", images: "cd")
}
