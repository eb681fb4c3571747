import Datasets
import Kernels

/// Images whose features are known, and whose classes vote on those of others: the classifier of nearest neighbours.
struct NeighbourVote {
    private let features: [Float]
    private let labels: [Int]
    private let classes: Int
    private let columns: Int

    /// - Parameters:
    ///   - features: images × columns, of length 1.
    ///   - labels: of the images.
    init(_ features: [Float], labels: [Int], classes: Int) {
        self.features = features
        self.labels = labels
        self.classes = classes
        columns = features.count / labels.count
    }

    /// The class that most of the nearest neighbours have; of equally frequent ones that of the nearest. nil when there is
    /// no neighbour, as for features that are not numbers.
    ///
    /// - Parameter features: columns, of length 1.
    func label(of features: UnsafePointer<Float>, neighbours: Int) -> Int? {
        let nearest = self.features.withUnsafeBufferPointer { table in
            table.baseAddress.map { table in
                NearestRows(to: features, in: table, count: labels.count, columns: columns, limit: neighbours).indices
            } ?? []
        }
        var votes = Array(repeating: 0, count: classes)
        for image in nearest { votes[labels[image]] += 1 }
        guard let most = votes.max(), most > 0 else { return nil }
        return nearest.lazy.map { labels[$0] }.first { votes[$0] == most }
    }
}
