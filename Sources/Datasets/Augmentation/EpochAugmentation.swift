import Kernels

/// The changes of the images of one epoch: a function of seed, epoch and image alone. Which worker sees an image, and in
/// which step, changes nothing.
public struct EpochAugmentation: Sendable {
    private let transformations: [any ImageTransformation]
    private let seed: UInt64
    private let epoch: Int

    /// - Parameters:
    ///   - transformations: one after the other; nil comes of none.
    ///   - seed: the seed of the run.
    ///   - epoch: from 0.
    public init?(_ transformations: [any ImageTransformation], seed: UInt64, epoch: Int) {
        if transformations.isEmpty { return nil }
        self.transformations = transformations
        self.seed = seed
        self.epoch = epoch
    }

    /// Changes one image.
    ///
    /// - Parameters:
    ///   - bytes: height × width × channels, the image as it is.
    ///   - index: of the image among those that are trained on.
    ///   - scratch: room for two images; on return what came of the image is in the first half.
    func apply(
        to bytes: UnsafeBufferPointer<UInt8>, index: Int, shape: ImageShape, scratch: inout [UInt8]
    ) {
        scratch.withUnsafeMutableBufferPointer { scratch in
            guard let image = bytes.baseAddress, var target = scratch.baseAddress else { return }
            var source = image
            let first = target
            var other = target + bytes.count
            // What the last one writes is to be in the first half.
            if transformations.count.isMultiple(of: 2) { swap(&target, &other) }
            for transformation in transformations {
                var generator = SeededGenerator(seed: seed, for: transformation.purpose, epoch, index)
                transformation.transform(source, into: target, shape: shape, generator: &generator)
                source = UnsafePointer(target)
                swap(&target, &other)
            }
            assert(source == UnsafePointer(first))
        }
    }
}
