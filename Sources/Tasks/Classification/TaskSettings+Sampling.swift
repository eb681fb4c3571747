import Catalogues
import Datasets
import Training

/// Who sees which images, and how.
extension TaskSettings {
    /// Deals the images of the training set, of which only the labels are looked at, to the workers.
    ///
    /// - Throws: `UnusableSetting` when no step of an epoch is left, or when batches can't be as they should be.
    public func sampler(of images: ImageSet) throws -> Sampler {
        let sampler = Sampler(
            shards: Shards(of: images.labels, workers: workers, seed: seed, by: dataset.shards), batch: training.batch,
            seed: seed, dropsLastBatch: training.lastBatch == .drop, isReshuffled: training.shards == .reshuffled,
            batches: dataset.batches)
        let smallest = sampler.shards.size(ofWorker: workers - 1)
        guard sampler.stepsPerEpoch > 0 else {
            throw UnusableSetting(
                key: "training.lastBatch", value: training.lastBatch.rawValue,
                requirement:
                    "use or scale, since no step is whole: some workers have \(smallest) images, fewer than a batch "
                    + "of \(training.batch)")
        }
        if case .coherent(let classes) = dataset.batches {
            try requireCoherence(classes, of: images, smallestShard: smallest)
        }
        return sampler
    }

    private func requireCoherence(_ classes: Int, of images: ImageSet, smallestShard: Int) throws {
        func require(_ condition: Bool, _ requirement: String) throws {
            if condition { return }
            throw UnusableSetting(key: "dataset.batches", value: dataset.batches.rawValue, requirement: requirement)
        }
        let present = images.classes - images.missingClasses.count
        try require(classes <= present, "at most the \(present) classes of the training images, or mixed")
        let batches = smallestShard / training.batch
        try require(
            present <= batches + 1,
            "mixed, since the images of some workers fill \(batches) batches of \(training.batch), too few for "
                + "\(present) classes")
    }

    /// What is done to the images of an epoch, counted from 0; nil: nothing.
    public func augmentation(ofEpoch epoch: Int) -> EpochAugmentation? {
        EpochAugmentation(dataset.augmentation.map(\.transformation), seed: seed, epoch: epoch)
    }

    /// - Throws: `UnusableSetting` when images may be cropped to nothing.
    func requireAugmentation(of images: ImageShape) throws {
        let smallest = min(images.height, images.width)
        for case .crop(let padding) in dataset.augmentation where padding >= smallest {
            throw UnusableSetting(
                key: "dataset.augmentation", value: Augmentation.crop(padding: padding).rawValue,
                requirement: "crop:n with n below \(smallest), since nothing might be left of images of "
                    + "\(images.height)×\(images.width) pixels")
        }
    }

    /// Images that are not trained on in the order in which batches as in training are cut of them.
    func orderAsInTraining(of images: ImageSet, batch: Int) -> [Int] {
        dataset.batches.order(of: images, batch: batch, seed: seed, for: "batches as in training")
    }
}
