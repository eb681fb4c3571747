import Autograd
import Catalogues
import Datasets
import Models
import Normalization
import Training

/// What can be said of a task's batches, and of the statistics taken over them, before the first step.
extension TaskSettings {
    /// Lets one image go through a network: better to fail now than in the first step.
    ///
    /// - Throws: `TrainingError.imagesTooSmall`.
    func dryRun(of network: any Layer, _ images: ImageShape) throws -> DryRun {
        let run = try? DryRun(of: network, height: images.height, width: images.width, channels: images.channels)
        if let run { return run }
        throw TrainingError.imagesTooSmall(
            height: images.height, width: images.width,
            smallest: DryRun.smallestExtent(for: network, channels: images.channels))
    }

    /// Refuses a norm that would take a variance over a single value in every step: that is no statistic.
    ///
    /// - Parameters:
    ///   - passes: how often each image of a batch goes through the network in a step.
    ///   - evaluated: the numbers of images that the network is tested on.
    /// - Returns: where only an epoch's last step has such a variance, a sentence about it.
    /// - Throws: `TrainingError.singleValue`.
    func notices(
        of network: any Layer, _ run: DryRun, _ sampler: Sampler, passes: Int = 1, evaluated: [Int]
    ) throws -> [String] {
        let norms = Dictionary(uniqueKeysWithValues: network.normalizations.map { ($0.name, $0) })
        func batches(_ step: Int) -> [Int] { sampler.batchSizes(step: step).map { passes * $0 } }
        let (first, last) = (batches(0), batches(sampler.stepsPerEpoch - 1))
        var lonelyAtTheEnd: [String] = []
        for record in run.layers where record.work == .normalization {
            guard let norm = norms[record.layer] else { continue }
            let shape = record.outputShape
            let pixels = shape[1] * shape[2]
            func isLonely(_ batches: [Int]) -> Bool {
                norm.valueCounts(ofBatches: batches, pixels: pixels).contains(1)
            }
            let singleValue = TrainingError.singleValue(
                layer: norm.name, height: shape[1], width: shape[2], channels: shape[3])
            if isLonely(first) { throw singleValue }
            if evaluation.statistics == .batch, pixels == 1, norm.state.contains(where: { $0.role == .runningMean }),
                let images = evaluated.first(where: { evaluation.batch == 1 || $0 % evaluation.batch == 1 })
            {
                throw UnusableSetting(
                    key: "evaluation.batch", value: "\(evaluation.batch)",
                    requirement: "batches of 2 or more of the \(images) images with the statistics 'batch', since "
                        + "\(norm.name) has one pixel an image, and the variance of one value is no statistic")
            }
            if isLonely(last) { lonelyAtTheEnd.append(norm.name) }
        }
        guard let layer = lonelyAtTheEnd.first else { return [] }
        return [
            """
            the last step of each epoch gives \(layer) a single value a channel, whose variance is no statistic: running \
            statistics stay as they are in that step (training.lastBatch: drop leaves it out).
            """
        ]
    }
}

extension Module {
    /// The norms among it and its parts, in the order in which data goes through them.
    fileprivate var normalizations: [any NormalizationLayer] {
        ((self as? any NormalizationLayer).map { [$0] } ?? []) + children.flatMap(\.normalizations)
    }
}
