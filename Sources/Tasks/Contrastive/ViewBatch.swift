import Autograd
import Datasets
import Training
import Workers

/// Two views of each image of a step, as far as they belong to the workers hosted here.
public struct ViewBatch: TaskBatch {
    /// Whose views are where: two of each image of a worker.
    public let layout: BatchLayout
    /// The views: images × height × width × channels, worker after worker.
    public let images: Tensor
    /// Of all workers.
    let pairs: ViewPairs
    /// Those of them that are in this batch.
    let rows: Range<Int>

    /// - Parameters:
    ///   - pairs: of all workers.
    ///   - set: the images.
    ///   - numbers: of the images of all workers, in their order.
    ///   - view: makes a view of an image, given its number.
    init(
        _ pairs: ViewPairs, of set: ImageSet, numbers: [Int], normalization: PixelNormalization, hosting: Hosting,
        view: (_ image: Int, _ number: Int) -> ImageView
    ) {
        self.pairs = pairs
        rows = pairs.rows(ofWorkers: hosting.hosted)
        layout = BatchLayout(
            imageCounts: hosting.hosted.map { pairs.rows(ofWorkers: $0..<$0 + 1).count },
            firstWorker: hosting.hosted.lowerBound, globalImages: pairs.count)
        images = Tensor(shape: [rows.count, set.height, set.width, set.channels])
        let views = rows.map { row in
            let image = numbers[pairs.images[row]]
            return (image: image, view: view(image, pairs.views[row]))
        }
        set.fill(images.values, withViews: views, normalization: normalization)
    }

    /// Rows of all workers, in their order, on every rank; a collective.
    ///
    /// - Parameter own: those of this rank, rows × columns.
    func gathered(
        _ own: Tensor, over transport: any Transport, _ hosting: Hosting, for purpose: String
    ) throws -> Tensor {
        let all = Tensor(shape: [pairs.count, own.rowCount])
        try transport.gather(
            UnsafeBufferPointer(own.values), into: all.values,
            counts: pairs.counts(ofRanks: hosting).map { $0 * own.rowCount }, rank: hosting.rank, for: purpose)
        return all
    }
}
