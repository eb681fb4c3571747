/// Tells the worker that a view comes from by its features, and by those of the other views of the same step.
///
/// A worker that normalises by statistics of its own normalises by others in every step, so that only within a step can it
/// be recognised: by how a view's features x go with the mean m of the features of a worker's other images. The score of a
/// worker is Σ a·x·m over the features; a is the linear discriminant of the products x·m for the view's own worker against
/// those for all others, features taken one by one (Bickel and Levina 2004, the independence rule), and comes from other
/// steps than those that are asked. It also finds that a worker's images repel each other, as a mean of zero makes them.
///
/// Of each image only its first view is looked at; and from the mean of every worker, not only from that of the view's own,
/// the view in the same place is left out. So neither what an image shows nor the size of a mean tells the worker, and
/// without any mark of it each worker is equally likely.
struct WorkerProbe {
    /// a, of each feature.
    private let weights: [Double]

    /// - Parameter steps: with equally many features, at least one step.
    init(fittedTo steps: [WorkerViews]) {
        var (own, others) = (ProductMoments(columns: steps[0].columns), ProductMoments(columns: steps[0].columns))
        for step in steps {
            for (worker, place) in step.all {
                for candidate in step.workers {
                    guard let products = step.products(worker, place, withMeanOf: candidate) else { continue }
                    if candidate == worker { own.add(products) } else { others.add(products) }
                }
            }
        }
        let all = own.joined(others)
        weights = (0..<steps[0].columns).map { column in
            let variance = all.variance(column)
            return variance > 0 ? (own.mean(column) - others.mean(column)) / variance : 0
        }
    }

    /// Whether the worker of a view has a higher score than every other; nil where it has no other view.
    func tells(_ worker: Int, _ place: Int, in step: WorkerViews) -> Bool? {
        func score(_ candidate: Int) -> Double? {
            step.products(worker, place, withMeanOf: candidate).map { products in
                products.indices.reduce(0) { $0 + weights[$1] * products[$1] }
            }
        }
        guard let own = score(worker) else { return nil }
        return step.workers.allSatisfy { candidate in candidate == worker || score(candidate).map { $0 < own } ?? true }
    }
}

/// The features of the first views of a step, by worker.
struct WorkerViews {
    /// Features of a view.
    let columns: Int
    /// Of each worker, of each of its first views.
    private let features: [[[Double]]]
    /// Of each worker, Σ over its first views.
    private let sums: [[Double]]

    /// - Parameters:
    ///   - values: rows × columns, of length 1, of all workers in their order.
    ///   - pairs: which view each row is.
    ///   - workers: of the run.
    init(_ values: [Float], columns: Int, _ pairs: ViewPairs, workers: Int) {
        self.columns = columns
        var features = Array(repeating: [[Double]](), count: workers)
        for row in 0..<pairs.count where pairs.views[row] == 0 {
            features[pairs.workers[row]].append(values[row * columns..<(row + 1) * columns].map(Double.init))
        }
        sums = features.map { views in
            views.reduce(into: Array(repeating: 0, count: columns)) { sums, view in
                for column in 0..<columns { sums[column] += view[column] }
            }
        }
        self.features = features
    }

    /// All workers.
    var workers: Range<Int> { features.indices }

    /// All views: the worker, and the place among its views.
    var all: [(worker: Int, place: Int)] { views(of: workers) }

    /// The views of some workers.
    func views(of workers: some Collection<Int>) -> [(worker: Int, place: Int)] {
        workers.flatMap { worker in features[worker].indices.map { (worker, $0) } }
    }

    /// The products of a view's features with the means of a worker's other views; nil when it has none.
    ///
    /// - Parameters:
    ///   - worker: of the view.
    ///   - place: of the view among those of its worker, and of the one that is left out of the means.
    func products(_ worker: Int, _ place: Int, withMeanOf candidate: Int) -> [Double]? {
        let views = features[candidate]
        let leftOut = views.indices.contains(place) ? views[place] : nil
        let count = views.count - (leftOut == nil ? 0 : 1)
        guard count > 0 else { return nil }
        let (view, sum) = (features[worker][place], sums[candidate])
        return (0..<columns).map { view[$0] * (sum[$0] - (leftOut?[$0] ?? 0)) / Double(count) }
    }
}

/// Count, Σp and Σp² of products, feature by feature.
private struct ProductMoments {
    private var count = 0.0
    private var sums: [Double]
    private var squares: [Double]

    init(columns: Int) {
        sums = Array(repeating: 0, count: columns)
        squares = sums
    }

    mutating func add(_ products: [Double]) {
        count += 1
        for (column, product) in products.enumerated() {
            sums[column] += product
            squares[column] += product * product
        }
    }

    func joined(_ other: ProductMoments) -> ProductMoments {
        var joined = self
        joined.count += other.count
        for column in sums.indices {
            joined.sums[column] += other.sums[column]
            joined.squares[column] += other.squares[column]
        }
        return joined
    }

    /// 0 of nothing.
    func mean(_ column: Int) -> Double { count == 0 ? 0 : sums[column] / count }

    func variance(_ column: Int) -> Double {
        count == 0 ? 0 : squares[column] / count - mean(column) * mean(column)
    }
}
