import Datasets
import Training
import Workers

/// The images that one rank needs of a classification's: those of the workers that it hosts, and its part of those that the
/// network is tested on.
public struct NeededImages {
    /// Of the images to train on, in ascending order.
    public let train: [Int]
    /// Of those that were held out, in ascending order.
    public let validation: [Int]
    /// Of those to test on, in ascending order.
    public let test: [Int]

    /// All of them.
    public init(allOf dataset: Dataset) {
        train = Array(0..<dataset.train.count)
        validation = Array(0..<(dataset.validation?.count ?? 0))
        test = Array(0..<dataset.test.count)
    }

    /// - Parameters:
    ///   - dataset: of which the labels are looked at, and no image.
    ///   - settings: decide who sees which image.
    ///   - transport: of the run's ranks.
    /// - Throws: `UnusableSetting`.
    public init(of dataset: Dataset, _ settings: TaskSettings, on transport: RankTransport) throws {
        let hosting = Hosting(
            workers: settings.workers, ranks: transport.communicator.size, rank: transport.communicator.rank)
        let evaluation = settings.evaluation
        func evaluated(_ images: ImageSet, _ isLookedAtOnTheWay: Bool) -> [Int] {
            var needed = Set(transport.hostedBatches(of: images.count, size: evaluation.batch).joined())
            if isLookedAtOnTheWay, evaluation.every > 0 {
                let batch = min(settings.training.batch, images.count)
                let order = settings.orderAsInTraining(of: images, batch: batch)
                for first in stride(from: 0, to: images.count, by: settings.workers * batch) {
                    let ofWorkers = hosting.batches(of: first..<images.count, size: batch)
                    needed.formUnion(ofWorkers.joined().map { order[$0] })
                }
            }
            return needed.sorted()
        }
        validation = dataset.validation.map { evaluated($0, true) } ?? []
        test = evaluated(dataset.test, dataset.validation == nil)
        switch settings.training.shards {
        case .fixed:
            let shards = try settings.sampler(of: dataset.train).shards
            var needed = Set(hosting.hosted.flatMap { shards.indices(ofWorker: $0) })
            if evaluation.statistics == .layerwise {
                let sample = settings.layerwiseSample(of: dataset.train)
                let batches = transport.hostedBatches(of: sample.count, size: evaluation.batch)
                needed.formUnion(batches.joined().map { sample[$0] })
            }
            train = needed.sorted()
        case .reshuffled:
            // Sooner or later a worker sees every image.
            train = Array(0..<dataset.train.count)
        }
    }
}

extension TaskSettings {
    /// The training images that layerwise statistics are computed over.
    func layerwiseSample(of images: ImageSet) -> [Int] {
        images.balancedSample(
            of: min(evaluation.preciseImages, images.count), seed: seed, for: "precise statistics")
    }
}
