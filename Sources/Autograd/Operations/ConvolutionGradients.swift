import OneDNN
import Threads
import Workers

/// Both gradients of a convolution: what they are cut into is independent of the number of threads, which take weight
/// gradients and slices of the input gradient alike.
func addConvolutionGradients(
    _ x: Tensor, _ weights: Tensor, _ upstream: Tensor, _ shape: ConvolutionShape, _ layout: BatchLayout,
    _ flow: GradientFlow
) throws {
    guard x.needsGradient else {
        return try addWeightGradients(x, upstream, shape, layout, to: weights, flow)
    }
    let inputGradient = Tensor(shape: x.shape)
    let slices = try InputGradientSlices(of: upstream, weights, shape, into: inputGradient, layout: layout)
    if weights.needsGradient {
        try addWeightGradients(x, upstream, shape, layout, to: weights, flow, beside: slices)
    } else {
        try Threads.forEach(slices.count) { try slices.compute($0) }
    }
    flow.handOver(inputGradient, to: x)
}

/// Hands over the weight gradient worker by worker, computing those of a few workers at once.
///
/// - Parameter slices: computed at the same time.
func addWeightGradients(
    _ x: Tensor, _ upstream: Tensor, _ shape: ConvolutionShape, _ layout: BatchLayout, to weights: Tensor,
    _ flow: GradientFlow, beside slices: InputGradientSlices? = nil
) throws {
    var slices = slices
    let workers = layout.occupiedRanges
    for start in stride(from: 0, to: workers.count, by: Threads.count) {
        let some = Array(workers[start..<min(start + Threads.count, workers.count)])
        for share in try workerWeightGradients(x, upstream, shape, some, beside: slices) {
            try flow.add(workerShare: share, to: weights)
        }
        slices = nil
    }
}

/// The weight gradient of each of some workers.
///
/// - Parameters:
///   - workers: the images of each.
///   - slices: computed at the same time.
func workerWeightGradients(
    _ x: Tensor, _ outputGradient: Tensor, _ shape: ConvolutionShape, _ workers: [Range<Int>],
    beside slices: InputGradientSlices? = nil
) throws -> [Tensor] {
    let parts = workers.map { BatchLayout.weightGradientParts(of: $0, bytesPerImage: shape.bytesPerImage) }
    let all = parts.flatMap { $0 }
    let shares = all.map { _ in Tensor(shape: shape.weightShape) }
    // The weight gradients first: they take longest.
    try Threads.forEach(all.count + (slices?.count ?? 0)) { task in
        guard task < all.count else { return try slices?.compute(task - all.count) ?? () }
        let images = all[task]
        try ConvolutionWeightGradient.cached(shape.with(images: images.count)).execute(
            source: x.row(images.lowerBound), outputGradient: outputGradient.row(images.lowerBound),
            weightGradient: shares[task].pointer)
    }
    var first = 0
    return parts.map { parts in
        defer { first += parts.count }
        for share in shares[first..<first + parts.count].dropFirst() { shares[first].add(share) }
        return shares[first]
    }
}

/// The input gradient of a convolution, slice by slice.
struct InputGradientSlices {
    private let outputGradient: Tensor
    private let weights: PackedWeights
    private let shape: ConvolutionShape
    private let inputGradient: Tensor
    private let slices: [Range<Int>]

    /// - Parameter inputGradient: images × height × width × input channels, overwritten by `compute`.
    init(
        of outputGradient: Tensor, _ weights: Tensor, _ shape: ConvolutionShape, into inputGradient: Tensor,
        layout: BatchLayout
    ) throws {
        self.outputGradient = outputGradient
        self.weights = try weights.packed(for: shape)
        self.shape = shape
        self.inputGradient = inputGradient
        slices = layout.slices(bytesPerImage: shape.bytesPerImage)
        for count in Set(slices.map(\.count)) {
            try ConvolutionInputGradient.cached(shape.with(images: count)).prepare(self.weights)
        }
    }

    var count: Int { slices.count }

    func compute(_ slice: Int) throws {
        let images = slices[slice]
        try ConvolutionInputGradient.cached(shape.with(images: images.count)).execute(
            outputGradient: outputGradient.row(images.lowerBound), weights: weights,
            inputGradient: inputGradient.row(images.lowerBound))
    }
}

extension Tensor {
    /// Adds another tensor of the same shape.
    func add(_ other: Tensor) {
        let (sum, values) = (pointer, other.pointer)
        for index in 0..<count { sum[index] += values[index] }
    }
}
