/// Places labels at the heights of what they name, as near as they can stand without touching.
enum LabelPlacement {
    /// Heights of labels: the smallest sum of squared displacements at which neighbours are at least `spacing` apart, all
    /// lie within `range`, and none passes another. Equal heights keep their order, the first one lowest.
    ///
    /// With the i-th label's height less i spacings, the condition is that heights don't fall: isotonic regression, solved by
    /// pooling neighbours that violate it (Barlow et al. 1972), and clamped. Where the range is too small for all, they
    /// share it equally.
    static func heights(_ wanted: [Double], spacing: Double, in range: ClosedRange<Double>)
        -> [Double]
    {
        guard wanted.count > 1 else {
            return wanted.map { min(max($0, range.lowerBound), range.upperBound) }
        }
        let room = (range.upperBound - range.lowerBound) / Double(wanted.count - 1)
        let spacing = min(spacing, room)
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        let reduced = order.enumerated().map { wanted[$1] - Double($0) * spacing }
        let highest = range.upperBound - Double(wanted.count - 1) * spacing
        var heights = wanted
        for (place, height) in notFalling(reduced).enumerated() {
            heights[order[place]] = min(max(height, range.lowerBound), highest) + Double(place) * spacing
        }
        return heights
    }

    /// The nearest sequence, in the sum of squares, that does not fall.
    private static func notFalling(_ values: [Double]) -> [Double] {
        var pools: [(mean: Double, count: Int)] = []
        for value in values {
            var pool = (mean: value, count: 1)
            while let last = pools.last, last.mean > pool.mean {
                pools.removeLast()
                let count = last.count + pool.count
                pool = (
                    (last.mean * Double(last.count) + pool.mean * Double(pool.count)) / Double(count), count
                )
            }
            pools.append(pool)
        }
        return pools.flatMap { Array(repeating: $0.mean, count: $0.count) }
    }
}
