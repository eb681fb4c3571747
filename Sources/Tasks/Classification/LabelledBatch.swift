import Autograd
import Datasets
import Training
import Workers

/// The images of the workers hosted here in one step, with their classes.
public struct LabelledBatch: TaskBatch {
    /// Whose images are where.
    public let layout: BatchLayout
    /// Images × height × width × channels, worker after worker.
    public let images: Tensor
    /// The class of each image.
    public let labels: [Int]

    /// - Parameters:
    ///   - indices: training images of each hosted worker.
    ///   - globalImages: images of all workers.
    ///   - needsImageGradient: whether gradients flow to the pixels.
    ///   - augmentation: changes the images; nil: they stay as they are.
    public init(
        of dataset: Dataset, indices: [[Int]], firstWorker: Int, globalImages: Int, needsImageGradient: Bool = false,
        augmentation: EpochAugmentation? = nil
    ) {
        let all = indices.flatMap { $0 }
        layout = BatchLayout(
            imageCounts: indices.map(\.count), firstWorker: firstWorker, globalImages: globalImages)
        images = dataset.tensor(
            of: dataset.train, all, needsGradient: needsImageGradient, augmentation: augmentation)
        labels = all.map { Int(dataset.train.labels[$0]) }
    }
}

extension Dataset {
    /// What is looked at on the way: validation images, or test images where none are held out.
    var evaluatedImages: ImageSet { validation ?? test }

    /// Images as networks meet them, in a tensor of images × height × width × channels.
    func tensor(
        of set: ImageSet, _ indices: some Collection<Int>, needsGradient: Bool = false,
        augmentation: EpochAugmentation? = nil
    ) -> Tensor {
        let tensor = Tensor(
            shape: [indices.count, set.height, set.width, set.channels], needsGradient: needsGradient)
        set.fill(tensor.values, with: indices, normalization: normalization, augmentation: augmentation)
        return tensor
    }
}
