/// Which images of this rank's tensors belong to which worker: worker after worker along the outermost axis.
///
/// Every operation whose bits could depend on how many images it sees at once runs worker by worker (or slice by slice
/// within a worker), so that nothing depends on how workers are spread over ranks.
public struct BatchLayout: Equatable, Sendable {
    /// The number, among all workers of the run, of the first worker hosted here.
    public let firstWorker: Int
    /// The images of each hosted worker; may be empty.
    public let imageRanges: [Range<Int>]
    /// The images of all workers of the run in this step, hosted here or elsewhere.
    public let globalImages: Int

    /// Slices are small enough that a convolution's input and output stay in the caches near the core …
    static let sliceBytes = 1600 * 1024
    /// … and that there is work for several threads.
    static let sliceImages = 8

    /// - Parameters:
    ///   - imageCounts: images of each hosted worker.
    ///   - firstWorker: the number of the first hosted worker.
    ///   - globalImages: images of all workers; those hosted here when left out.
    public init(imageCounts: [Int], firstWorker: Int = 0, globalImages: Int? = nil) {
        var ranges: [Range<Int>] = []
        var start = 0
        for count in imageCounts {
            ranges.append(start..<start + count)
            start += count
        }
        self.firstWorker = firstWorker
        imageRanges = ranges
        self.globalImages = globalImages ?? start
    }

    /// All images belong to one worker, which is alone.
    public init(images: Int) {
        self.init(imageCounts: [images])
    }

    /// The images in tensors of this rank.
    public var images: Int { imageRanges.last?.upperBound ?? 0 }

    /// The images of one kernel call each: parts of a worker's batch of nearly one size, of at most `sliceImages` images
    /// and `sliceBytes`, but at least one image.
    public func slices(bytesPerImage: Int) -> [Range<Int>] {
        imageRanges.flatMap { Self.slices(of: $0, bytesPerImage: bytesPerImage) }
    }

    /// The same parts of any images that belong together.
    public static func slices(of images: Range<Int>, bytesPerImage: Int) -> [Range<Int>] {
        parts(of: images, bytesPerImage: bytesPerImage, atMost: sliceImages)
    }

    /// The images of one call of a weight gradient each: twice as many as in a slice where the cache allows, since each
    /// call writes a whole gradient.
    public static func weightGradientParts(of images: Range<Int>, bytesPerImage: Int) -> [Range<Int>] {
        parts(of: images, bytesPerImage: bytesPerImage, atMost: 2 * sliceImages)
    }

    private static func parts(of images: Range<Int>, bytesPerImage: Int, atMost limit: Int) -> [Range<Int>] {
        let imagesPerPart = min(limit, max(1, sliceBytes / max(1, bytesPerImage)))
        let count = (images.count + imagesPerPart - 1) / imagesPerPart
        return (0..<count).map { part in
            let bounds = [part, part + 1].map { images.lowerBound + images.count * $0 / count }
            return bounds[0]..<bounds[1]
        }
    }

    /// The batches of workers that have images in this step.
    public var occupiedRanges: [Range<Int>] { imageRanges.filter { !$0.isEmpty } }
}
