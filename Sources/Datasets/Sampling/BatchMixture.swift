import Catalogues
import Kernels

/// Which images of its shard a worker has in one batch.
public enum BatchMixture: Hashable, Sendable {
    /// Any, at random.
    case mixed
    /// Those of at most so many classes, others from batch to batch: over a few steps a worker still sees all classes of
    /// its shard. What is shared within a batch, as batch norm's statistics are, then tells of the classes in it (Wu and
    /// Johnson 2021, on information that leaks within a batch).
    case coherent(classes: Int)
}

extension BatchMixture: RawRepresentable, Codable {
    /// Reads the text that `rawValue` writes; nil when it is none of the two. The number is not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? DecimalText.whole(parts[1]) : nil, parts.count) {
        case ("mixed", _, 1): self = .mixed
        case ("coherent", let classes?, 2): self = .coherent(classes: classes)
        default: return nil
        }
    }

    /// `mixed` or `coherent:k`.
    public var rawValue: String {
        switch self {
        case .mixed: "mixed"
        case .coherent(let classes): "coherent:\(classes)"
        }
    }
}

extension BatchMixture {
    /// Puts images into an order of which consecutive batches are cut.
    ///
    /// Batches of few classes keep to their number where there is at most one class more among the images than full
    /// batches; where there are more, some batches may have more classes.
    ///
    /// - Parameters:
    ///   - images: in random order.
    ///   - labels: of all images.
    ///   - batch: images of each batch but the last.
    ///   - generator: for the classes of each batch.
    public func order(
        of images: [Int], labels: [UInt8], batch: Int, generator: inout SeededGenerator
    ) -> [Int] {
        switch self {
        case .mixed: images
        case .coherent(let classes):
            CoherentBatches(images, labels: labels, classes: classes, batch: batch).order(&generator)
        }
    }

    /// All images of a set in the order of which consecutive batches are cut; that of the set where batches are mixed.
    ///
    /// - Parameters:
    ///   - batch: images of each batch but the last.
    ///   - seed: the seed of the run.
    ///   - purpose: orders for other purposes are independent of this one.
    public func order(of images: ImageSet, batch: Int, seed: UInt64, for purpose: String) -> [Int] {
        var order = Array(0..<images.count)
        if self == .mixed { return order }
        var generator = SeededGenerator(seed: seed, for: purpose)
        generator.shuffle(&order)
        return self.order(of: order, labels: images.labels, batch: batch, generator: &generator)
    }
}
