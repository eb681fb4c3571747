/// Sees what an operation makes slice by slice, while it is still in cache.
public protocol SliceObserver: AnyObject {
    /// The operation is about to begin.
    ///
    /// - Parameter slices: the images of each, in ascending order and without gaps.
    func begin(slices: [Range<Int>])

    /// A slice is ready; several threads may call this at once, for different slices.
    ///
    /// - Parameters:
    ///   - slice: its place among the slices.
    ///   - values: the first value of the first image of the slice.
    func add(slice: Int, _ values: UnsafePointer<Float>)

    /// All slices have been added.
    func end()
}
