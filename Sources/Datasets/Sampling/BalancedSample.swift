import Kernels

extension ImageSet {
    /// Draws images so that every class has as many as the others, as far as they go: a class with too few images gives
    /// all it has, and the others make up for it. Of classes that are one image apart, the seed says which has more.
    ///
    /// - Parameters:
    ///   - count: how many, at most as many as there are candidates.
    ///   - candidates: the images to draw from, each one of 0..<self.count; all when left out.
    ///   - seed: the seed of the run.
    ///   - purpose: draws with other purposes are independent of this one.
    /// - Returns: the drawn images in ascending order, a function of the arguments alone.
    public func balancedSample(
        of count: Int, among candidates: [Int]? = nil, seed: UInt64, for purpose: String
    ) -> [Int] {
        let candidates = candidates ?? Array(0..<self.count)
        precondition(0...candidates.count ~= count, "\(count) of \(candidates.count) images")
        if count == candidates.count { return candidates.sorted() }
        var ofClass = Array(repeating: [Int](), count: classes)
        for image in candidates { ofClass[Int(labels[image])].append(image) }
        for label in ofClass.indices {
            var generator = SeededGenerator(seed: seed, for: purpose, label)
            generator.shuffle(&ofClass[label])
        }
        var order = Array(ofClass.indices)
        var generator = SeededGenerator(seed: seed, for: purpose)
        generator.shuffle(&order)
        var drawn: [Int] = []
        var round = 0
        while drawn.count < count {
            let left = order.filter { ofClass[$0].count > round }
            drawn += left.prefix(count - drawn.count).map { ofClass[$0][round] }
            round += 1
        }
        return drawn.sorted()
    }

    /// The images of these indices, in their order.
    public func subset(_ indices: [Int]) -> ImageSet {
        ImageSet(
            height: height, width: width, channels: channels, classes: classes,
            images: indices.flatMap { images[bytes(ofImage: $0)] }, labels: indices.map { labels[$0] })
    }

    /// The classes that no image has, in ascending order.
    public var missingClasses: [Int] {
        let present = Set(labels)
        return (0..<classes).filter { !present.contains(UInt8($0)) }
    }
}
