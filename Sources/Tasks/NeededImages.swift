import Datasets
import Training
import Workers

/// The images that one rank needs of a task's: those of the workers that it hosts, for example, and its part of those that
/// the network is tested on.
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

    /// Some of them.
    ///
    /// - Parameters:
    ///   - train: of the images to train on, in any order.
    ///   - validation: of those that were held out.
    ///   - test: of those to test on.
    init(train: Set<Int>, validation: Set<Int>, test: Set<Int>) {
        self.train = train.sorted()
        self.validation = validation.sorted()
        self.test = test.sorted()
    }
}

extension TaskSettings {
    /// The training images that the workers hosted here see in all epochs, and this rank's part of those that layerwise
    /// statistics are computed over.
    func trainedImages(of images: ImageSet, _ hosting: Hosting, _ transport: RankTransport) throws -> Set<Int> {
        // Where images are divided anew in every epoch, a worker sees every one sooner or later.
        guard training.shards == .fixed else { return Set(0..<images.count) }
        let shards = try sampler(of: images).shards
        var needed = Set(hosting.hosted.flatMap { shards.indices(ofWorker: $0) })
        if evaluation.statistics == .layerwise {
            let sample = layerwiseSample(of: images)
            let batches = transport.hostedBatches(of: sample.count, size: evaluation.batch)
            needed.formUnion(batches.joined().map { sample[$0] })
        }
        return needed
    }

    /// The training images that layerwise statistics are computed over.
    func layerwiseSample(of images: ImageSet) -> [Int] {
        images.balancedSample(
            of: min(evaluation.preciseImages, images.count), seed: seed, for: "precise statistics")
    }
}
