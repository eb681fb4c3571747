import Kernels

/// Images by their class, from which they are taken one by one.
struct ImageClasses {
    /// The images of each class, in the order in which they came; a class without images is empty.
    private(set) var images: [[Int]]
    /// How many there are.
    private(set) var count: Int

    /// - Parameters:
    ///   - images: any of those that have labels, each once.
    ///   - labels: of all images.
    init(_ images: some Collection<Int>, labels: [UInt8]) {
        var ofClass = Array(repeating: [Int](), count: (images.map { Int(labels[$0]) }.max() ?? -1) + 1)
        for image in images { ofClass[Int(labels[image])].append(image) }
        self.images = ofClass
        count = images.count
    }

    /// The classes that still have images, in ascending order.
    var present: [Int] { images.indices.filter { !images[$0].isEmpty } }

    /// Takes the last image of a class that has one.
    mutating func removeLast(ofClass label: Int) -> Int {
        count -= 1
        return images[label].removeLast()
    }
}

extension SeededGenerator {
    /// An index whose probability is in proportion to its weight; one whose weight is 0 is never drawn.
    ///
    /// - Parameter weights: at least one of them above 0, none below.
    mutating func nextIndex(weights: [Double]) -> Int {
        var point = nextUniform() * weights.reduce(0, +)
        var last: Int?
        for (index, weight) in weights.enumerated() where weight > 0 {
            if point < weight { return index }
            point -= weight
            last = index
        }
        // Rounding may leave a little of the point beyond the last weight.
        guard let last else { preconditionFailure("nothing can be drawn by the weights \(weights)") }
        return last
    }
}
