import Datasets
import MPI
import Models
import Normalization
import Training

/// All that one run needs, made from its configuration.
struct RunPlan {
    let configuration: Configuration
    let norm: Configuration.Norm
    let workers: Int

    /// - Parameter configuration: validated, with the number of workers filled in.
    init(_ configuration: Configuration, norm: Configuration.Norm, ranks: Int) {
        var resolved = configuration
        resolved.workers = configuration.workerCount(ranks: ranks)
        resolved.normalization.norm = norm
        self.configuration = resolved
        self.norm = norm
        workers = configuration.workerCount(ranks: ranks)
    }

    /// The samples that share statistics, as the result names them.
    var statistics: String {
        if let group = configuration.normalization.statisticsGroup(of: norm) { return group.rawValue }
        return norm == .identity ? "none" : "sample"
    }

    private var normalization: NormalizationChoice {
        let settings = configuration.normalization
        switch norm {
        case .batchNorm, .perWorkerBatchNorm, .synchronizedBatchNorm:
            return .batch(
                BatchNormalization.Options(
                    statistics: settings.statisticsGroup(of: norm) ?? .worker, epsilon: settings.epsilon,
                    momentum: settings.momentum, affine: settings.affine, biased: settings.biased))
        case .groupNorm:
            return .group(groups: settings.groups, epsilon: settings.epsilon, affine: settings.affine)
        case .layerNorm:
            return .layer(epsilon: settings.epsilon, affine: settings.affine)
        case .instanceNorm:
            return .instance(epsilon: settings.epsilon, affine: settings.affine)
        case .identity:
            return .none
        }
    }

    /// The network with its initial weights.
    func network(for dataset: Dataset, hosting: Hosting, reducer: any StatisticsReducer) throws -> any Network {
        let images = dataset.train
        let smallest = ConvolutionalNetwork.smallestExtent
        guard min(images.height, images.width) >= smallest else {
            throw TrainingError.imagesTooSmall(height: images.height, width: images.width, smallest: smallest)
        }
        return ConvolutionalNetwork(
            inputChannels: images.channels, classes: images.classes, normalization: normalization,
            seed: UInt64(configuration.seed), convolution: configuration.model.convolution, hosting: hosting,
            reducer: reducer)
    }

    /// How statistics and gradients are added up over ranks.
    func sums(over communicator: Communicator) -> TimedCommunicator {
        switch configuration.training.reduction {
        case .exact: TimedCommunicator(communicator)
        case .float: FloatingPointCommunicator(communicator)
        }
    }

    /// The trainer of a network.
    func trainer(
        of network: any Network, dataset: Dataset, hosting: Hosting, communicator: TimedCommunicator
    ) -> Trainer {
        let settings = configuration.training
        let seed = UInt64(configuration.seed)
        let sampler = Sampler(
            shards: Shards(count: dataset.train.count, workers: workers, seed: seed), batch: settings.batch, seed: seed)
        let decay: LearningRateSchedule.Decay =
            switch settings.schedule {
            case .constant: .constant
            case .cosine: .cosine
            case .step: .steps(epochs: settings.stepEpochs, factor: settings.stepFactor)
            }
        let schedule = LearningRateSchedule(
            peak: settings.learningRate, decay: decay, warmUpEpochs: settings.warmUpEpochs,
            stepsPerEpoch: sampler.stepsPerEpoch, epochs: settings.epochs)
        return Trainer(
            network: network, dataset: dataset, sampler: sampler, schedule: schedule,
            options: Trainer.Options(momentum: settings.momentum, weightDecay: settings.weightDecay), hosting: hosting,
            communicator: communicator)
    }
}
