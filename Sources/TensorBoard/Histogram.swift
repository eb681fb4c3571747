/// Counts of values in buckets of equal width between the smallest and the largest, as TensorBoard's own
/// `histogram_pb` makes them.
struct Histogram {
    struct Bucket: Equatable {
        let left: Double
        /// Belongs to the next bucket; that of the last one, to the last.
        let right: Double
        var count: Int
    }

    private(set) var buckets: [Bucket]

    /// Counts finite values. Without one, all buckets are empty and lie at 0; where all are the same, all buckets lie
    /// there and the last one holds them.
    init(of values: some Sequence<Double>, buckets bucketCount: Int = 30) {
        let finite = values.filter(\.isFinite)
        let (smallest, largest) = (finite.min() ?? 0, finite.max() ?? 0)
        // Of halves, which are exact: the range of finite numbers may not be finite.
        let halfWidth = (largest / 2 - smallest / 2) / Double(bucketCount)
        let width = 2 * halfWidth
        let edges = (0..<bucketCount).map { 2 * (Double($0) * halfWidth + smallest / 2) } + [largest]
        buckets = (0..<bucketCount).map { Bucket(left: edges[$0], right: edges[$0 + 1], count: 0) }
        for value in finite {
            let index = width > 0 ? Int(min((value - smallest) / width, Double(bucketCount))) : bucketCount
            buckets[min(index, bucketCount - 1)].count += 1
        }
    }
}
