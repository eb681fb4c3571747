import Datasets
import MPI
import Tasks

extension Session {
    /// Gives every rank the images that it needs of those that the first rank has read; a collective.
    ///
    /// - Parameters:
    ///   - whole: on the first rank; nil elsewhere.
    ///   - outline: of it, on every rank.
    ///   - choose: says which images this rank needs of a data set of which only the labels are here.
    /// - Returns: the data set, with the labels of all images and the bytes of those that this rank needs.
    func distribute(
        _ whole: Dataset?, _ outline: DatasetOutline, needing choose: (Dataset) throws -> NeededImages
    ) throws -> Dataset {
        let sets = outline.sets(of: whole)
        let labels = try sets.map { try communicator.broadcast($0?.labels ?? [], root: 0, for: "the labels") }
        let needed = try agree {
            try choose(outline.dataset(labels, kept: outline.sets.map { _ in [] }) { _, _ in [] })
        }
        let kept = [needed.train, needed.validation, needed.test]
        return try outline.dataset(labels, kept: outline.hasValidation ? kept : [kept[0], kept[2]]) { index, kept in
            try distribute(sets[index], outline.sets[index], count: labels[index].count, kept: kept)
        }
    }

    /// Sends all images of a set through all ranks, some at a time, so that none holds more than it keeps.
    ///
    /// - Parameters:
    ///   - set: on the first rank; nil elsewhere.
    ///   - count: of its images.
    ///   - kept: the images that this rank keeps, in ascending order.
    /// - Returns: their bytes.
    private func distribute(
        _ set: ImageSet?, _ outline: DatasetOutline.Set, count: Int, kept: [Int]
    ) throws -> [UInt8] {
        let size = outline.height * outline.width * outline.channels
        let imagesPerMessage = max(1, (1 << 22) / max(1, size))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(kept.count * size)
        var next = kept[...]
        for start in stride(from: 0, to: count, by: imagesPerMessage) {
            let images = start..<min(start + imagesPerMessage, count)
            let message = try communicator.broadcast(
                set.map { Array($0.images[images.lowerBound * size..<images.upperBound * size]) } ?? [], root: 0,
                for: "the images")
            while let image = next.first, image < images.upperBound {
                bytes += message[(image - start) * size..<(image - start + 1) * size]
                next = next.dropFirst()
            }
        }
        return bytes
    }
}

/// All of a data set but its labels and images.
struct DatasetOutline: Codable {
    struct Set: Codable {
        let height: Int
        let width: Int
        let channels: Int
        let classes: Int
    }

    let name: String
    /// To train on, held out where there are any, and to test on.
    let sets: [Set]
    /// As bits, because JSON rounds.
    let meanBits: [UInt32]
    let deviationBits: [UInt32]
    let columnFactorBits: UInt32
    let fingerprint: String

    init(of dataset: Dataset) {
        name = dataset.name
        sets = dataset.sets.map {
            Set(height: $0.height, width: $0.width, channels: $0.channels, classes: $0.classes)
        }
        meanBits = dataset.normalization.means.map(\.bitPattern)
        deviationBits = dataset.normalization.deviations.map(\.bitPattern)
        columnFactorBits = dataset.normalization.columnFactor.bitPattern
        fingerprint = dataset.fingerprint
    }

    var hasValidation: Bool { sets.count == 3 }

    /// The sets of the data set where it is, and as many times nil elsewhere.
    func sets(of whole: Dataset?) -> [ImageSet?] { whole?.sets ?? sets.map { _ in nil } }

    /// - Parameters:
    ///   - labels: of each set.
    ///   - kept: the images of each that are kept here.
    ///   - images: gives the bytes of those.
    func dataset(
        _ labels: [[UInt8]], kept: [[Int]], images: (_ set: Int, _ kept: [Int]) throws -> [UInt8]
    ) rethrows -> Dataset {
        let parts = try sets.enumerated().map { index, set in
            ImageSet(
                height: set.height, width: set.width, channels: set.channels, classes: set.classes,
                images: try images(index, kept[index]), labels: labels[index], kept: kept[index])
        }
        return Dataset(
            name: name, train: parts[0], validation: hasValidation ? parts[1] : nil, test: parts[parts.count - 1],
            normalization: PixelNormalization(
                means: meanBits.map { Float(bitPattern: $0) }, deviations: deviationBits.map { Float(bitPattern: $0) },
                columnFactor: Float(bitPattern: columnFactorBits)),
            fingerprint: fingerprint)
    }
}

extension Dataset {
    /// To train on, held out where there are any, and to test on.
    fileprivate var sets: [ImageSet] { [train] + (validation.map { [$0] } ?? []) + [test] }
}
