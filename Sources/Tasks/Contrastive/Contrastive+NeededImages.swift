import Datasets
import Kernels
import Training
import Workers

extension Contrastive {
    /// Those of the workers hosted here, or all where their views are shuffled; and this rank's part of those that the
    /// features are compared with and tested on.
    public static func neededImages(
        of dataset: Dataset, _ settings: TaskSettings, on transport: RankTransport
    ) throws -> NeededImages {
        let hosting = Hosting(
            workers: settings.workers, ranks: transport.communicator.size, rank: transport.communicator.rank)
        let size = settings.evaluation.batch
        func evaluated(_ images: ImageSet) -> Set<Int> {
            var needed = Set(transport.hostedBatches(of: images.count, size: size).joined())
            for step in settings.pretextSteps(of: images) {
                let rows = ViewPairs(counts: step.counts).rows(ofWorkers: hosting.hosted)
                let hosted = settings.contrastive.shuffledViews ? step.numbers[...] : step.numbers[rows.halved]
                needed.formUnion(hosted)
            }
            return needed
        }
        var train = Set(0..<dataset.train.count)
        if !settings.contrastive.shuffledViews {
            train = try settings.trainedImages(of: dataset.train, hosting, transport)
            let sample = settings.neighbourSample(of: dataset.train)
            train.formUnion(transport.hostedBatches(of: sample.count, size: size).joined().map { sample[$0] })
        }
        return NeededImages(
            train: train, validation: dataset.validation.map(evaluated) ?? [], test: evaluated(dataset.test))
    }
}

extension Range<Int> {
    /// The images that rows hold two views of.
    fileprivate var halved: Range<Int> { lowerBound / 2..<upperBound / 2 }
}
