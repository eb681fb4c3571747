import Datasets
import Training
import Workers

extension Classification {
    /// Those of the workers hosted here, and this rank's part of those that the network is tested on.
    public static func neededImages(
        of dataset: Dataset, _ settings: TaskSettings, on transport: RankTransport
    ) throws -> NeededImages {
        let hosting = Hosting(
            workers: settings.workers, ranks: transport.communicator.size, rank: transport.communicator.rank)
        let evaluation = settings.evaluation
        func evaluated(_ images: ImageSet, _ isLookedAtOnTheWay: Bool) -> Set<Int> {
            var needed = Set(transport.hostedBatches(of: images.count, size: evaluation.batch).joined())
            if isLookedAtOnTheWay, evaluation.every > 0 {
                let batch = min(settings.training.batch, images.count)
                let order = settings.orderAsInTraining(of: images, batch: batch)
                for first in stride(from: 0, to: images.count, by: settings.workers * batch) {
                    let ofWorkers = hosting.batches(of: first..<images.count, size: batch)
                    needed.formUnion(ofWorkers.joined().map { order[$0] })
                }
            }
            return needed
        }
        return NeededImages(
            train: try settings.trainedImages(of: dataset.train, hosting, transport),
            validation: dataset.validation.map { evaluated($0, true) } ?? [],
            test: evaluated(dataset.test, dataset.validation == nil))
    }
}
