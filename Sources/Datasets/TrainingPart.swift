import Kernels

/// One of several disjoint parts of the training images, with as many images of each class as the others, or one more.
public struct TrainingPart: Hashable, Sendable {
    /// Which part, counted from 1.
    public let number: Int
    /// How many there are.
    public let count: Int

    /// - Parameters:
    ///   - number: from 1 to `count`.
    ///   - count: how many parts there are.
    public init(_ number: Int, of count: Int) {
        precondition(1...max(1, count) ~= number, "part \(number) of \(count)")
        self.number = number
        self.count = count
    }
}

extension TrainingPart: RawRepresentable, Codable {
    /// Reads the text that `rawValue` writes, such as `1/2`; nil when there is no such part.
    public init?(rawValue: String) {
        let numbers = rawValue.split(separator: "/", omittingEmptySubsequences: false)
            .map { text in Int(text).flatMap { "\($0)" == text ? $0 : nil } }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], number >= 1, number <= count
        else { return nil }
        self.init(number, of: count)
    }

    /// The number and how many there are, as `1/2`.
    public var rawValue: String { "\(number)/\(count)" }
}

extension ImageSet {
    /// The images of a part, in ascending order: a function of the labels alone, so that runs with any seeds have disjoint
    /// images when their parts differ.
    public func indices(of part: TrainingPart) -> [Int] {
        var generator = SeededGenerator(seed: 0, for: "parts of the training images")
        var order = Array(0..<count)
        generator.shuffle(&order)
        let ofClasses = ImageClasses(order, labels: labels).images.flatMap { $0 }
        return stride(from: part.number - 1, to: count, by: part.count).map { ofClasses[$0] }.sorted()
    }
}

extension Dataset {
    /// The same data set with only a part of the images to train on.
    ///
    /// - Throws: `DatasetError` when there are more parts than images.
    public func reduced(to part: TrainingPart) throws(DatasetError) -> Dataset {
        guard part.count <= train.count else {
            throw .partWithoutImages(dataset: name, part: part, available: train.count)
        }
        return Dataset(name: name, train: train.subset(train.indices(of: part)), test: test)
    }
}
