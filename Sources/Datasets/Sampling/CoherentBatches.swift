import Kernels

/// Cuts images into batches of few classes each, all of them full but the last.
///
/// As long as there are more batches to come than classes left, a batch takes equally many images of classes that are
/// drawn, each in proportion to what is left of it. Then it takes what is left of the rarest class and the rest from the
/// most frequent one: each batch uses up a class, as in the construction of alias tables (A. Walker, "An Efficient Method
/// for Generating Discrete Random Variables with General Distributions", ACM Transactions on Mathematical Software 3(3),
/// 1977), so that two classes always suffice.
struct CoherentBatches {
    private var left: ImageClasses
    private let classes: Int
    private let batch: Int

    /// - Parameters:
    ///   - images: in random order.
    ///   - labels: of all images.
    ///   - classes: of a batch at most, two or more.
    ///   - batch: images of each batch but the last.
    init(_ images: [Int], labels: [UInt8], classes: Int, batch: Int) {
        precondition(classes >= 2 && batch >= 1, "batches of \(batch) images of \(classes) classes")
        left = ImageClasses(images, labels: labels)
        self.classes = classes
        self.batch = batch
    }

    /// The images batch after batch, the batches in random order and the images of each too.
    consuming func order(_ generator: inout SeededGenerator) -> [Int] {
        var batches: [[Int]] = []
        while left.count > 0 { batches.append(takeBatch(&generator)) }
        // The last one stays where it is when it is smaller.
        let last = batches.last.flatMap { $0.count < batch ? batches.popLast() : nil }
        generator.shuffle(&batches)
        return (batches + (last.map { [$0] } ?? [])).flatMap { $0 }
    }

    private mutating func takeBatch(_ generator: inout SeededGenerator) -> [Int] {
        let size = min(batch, left.count)
        let batchesLeft = (left.count - 1) / batch + 1
        let parts = left.present.count < batchesLeft ? drawnParts(of: size, &generator) : closingParts(of: size)
        var images: [Int] = []
        for (label, count) in parts {
            for _ in 0..<count { images.append(left.removeLast(ofClass: label)) }
        }
        generator.shuffle(&images)
        return images
    }

    /// Equally many images of classes that are drawn, as far as they go.
    private func drawnParts(of size: Int, _ generator: inout SeededGenerator) -> [(label: Int, count: Int)] {
        var weights = left.images.map { Double($0.count) }
        var drawn: [Int] = []
        while drawn.count < min(classes, size), weights.contains(where: { $0 > 0 }) {
            let label = generator.nextIndex(weights: weights)
            weights[label] = 0
            drawn.append(label)
        }
        if available(drawn) < size, let largest = left.present.max(by: { count($0) < count($1) }) {
            // It has a whole batch on its own: there are more batches to come than classes.
            if !drawn.contains(largest) { drawn[drawn.count - 1] = largest }
        }
        var parts = drawn.enumerated().map { place, label in
            (label: label, count: min(count(label), (size + place) / drawn.count))
        }
        fill(&parts, to: size)
        return parts
    }

    /// All that is left of the rarest class, and the rest of the most frequent ones.
    private func closingParts(of size: Int) -> [(label: Int, count: Int)] {
        let ascending = left.present.sorted { (count($0), $0) < (count($1), $1) }
        var parts = [(label: ascending[0], count: min(size, count(ascending[0])))]
        for label in ascending.dropFirst().reversed() where parts.reduce(0, { $0 + $1.count }) < size {
            parts.append((label, 0))
            fill(&parts, to: size)
        }
        return parts
    }

    /// Raises the counts of parts whose classes have more images until they add up to a size, or none has more.
    private func fill(_ parts: inout [(label: Int, count: Int)], to size: Int) {
        for place in parts.indices {
            let missing = size - parts.reduce(0) { $0 + $1.count }
            parts[place].count += min(missing, count(parts[place].label) - parts[place].count)
        }
    }

    private func count(_ label: Int) -> Int { left.images[label].count }

    private func available(_ labels: [Int]) -> Int { labels.reduce(0) { $0 + count($1) } }
}
