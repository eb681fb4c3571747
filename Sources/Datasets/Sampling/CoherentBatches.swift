import Kernels

/// Cuts images into batches of few classes each, all of them full but the last.
///
/// The rarest class is used up first, in parts of nearly a batch divided by the number of classes; the rest of each batch
/// comes from classes that are drawn, each in proportion to what is left of it. As in the construction of alias tables
/// (A. Walker, "An Efficient Method for Generating Discrete Random Variables with General Distributions", ACM Transactions
/// on Mathematical Software 3(3), 1977), two classes a batch always suffice while there is at most one class more than
/// full batches to come: what is left of the rarest and the most frequent class together then fills a batch.
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
        var parts = [rarestPart(of: size)]
        addPartners(to: &parts, size: size, &generator)
        var images: [Int] = []
        for (label, count) in parts {
            for _ in 0..<count { images.append(left.removeLast(ofClass: label)) }
        }
        generator.shuffle(&images)
        return images
    }

    /// A part of the rarest class, which is used up by as many equal ones as fit its images best, and leave no more classes
    /// than the full batches behind them can do with.
    private func rarestPart(of size: Int) -> (label: Int, count: Int) {
        let present = left.present
        let rarest = present.min { (count($0), $0) < (count($1), $1) } ?? 0
        let spare = left.count / batch - present.count + 2
        let best = Int((Double(classes) * Double(count(rarest)) / Double(batch)).rounded())
        let turns = max(1, min(best, spare))
        return (rarest, min(size, (count(rarest) + turns - 1) / turns))
    }

    /// Fills a batch with equally many images of classes that are drawn, as far as they go.
    private func addPartners(
        to parts: inout [(label: Int, count: Int)], size: Int, _ generator: inout SeededGenerator
    ) {
        let missing = size - parts[0].count
        var weights = left.images.map { Double($0.count) }
        weights[parts[0].label] = 0
        var partners: [Int] = []
        while partners.count < classes - 1, weights.contains(where: { $0 > 0 }) {
            let label = generator.nextIndex(weights: weights)
            weights[label] = 0
            partners.append(label)
        }
        let others = left.present.filter { $0 != parts[0].label }.sorted { (count($0), $0) > (count($1), $1) }
        if partners.reduce(0, { $0 + count($1) }) < missing, let largest = others.first, !partners.contains(largest) {
            partners[partners.count - 1] = largest
        }
        for (place, label) in partners.enumerated() {
            parts.append((label, min(count(label), (missing + place) / partners.count)))
        }
        for place in parts.indices.reversed() { fill(&parts, place, to: size) }
        // Only where there are too many classes for the batches to come.
        for label in others where !partners.contains(label) && parts.reduce(0, { $0 + $1.count }) < size {
            parts.append((label, 0))
            fill(&parts, parts.count - 1, to: size)
        }
    }

    /// Raises the count of a part until all add up to a size, or its class has no more images.
    private func fill(_ parts: inout [(label: Int, count: Int)], _ place: Int, to size: Int) {
        let missing = size - parts.reduce(0) { $0 + $1.count }
        parts[place].count += min(missing, count(parts[place].label) - parts[place].count)
    }

    private func count(_ label: Int) -> Int { left.images[label].count }
}
