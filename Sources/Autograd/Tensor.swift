import OneDNN

/// An array of Float32 values: images × height × width × channels (NHWC), rows × columns, channels, or a single value.
///
/// A tensor is written once, by the operation that makes it; only parameters are changed later, in place, by the
/// optimiser.
public final class Tensor {
    /// The extent of each axis, outermost first; empty for a single value.
    public let shape: [Int]
    /// Whether gradients flow to this tensor.
    public let needsGradient: Bool
    /// The memory behind `values`; shared by tensors that differ only in shape.
    public let buffer: Buffer
    private var packing: PackedWeights?

    /// A tensor with unspecified values.
    public init(shape: [Int], needsGradient: Bool = false) {
        precondition(shape.allSatisfy { $0 >= 0 }, "a tensor of shape \(shape) has a negative extent")
        self.shape = shape
        self.needsGradient = needsGradient
        buffer = Buffer(byteCount: shape.reduce(1, *) * MemoryLayout<Float>.stride)
    }

    /// A tensor with the given values, in row-major order.
    public convenience init(_ values: [Float], shape: [Int], needsGradient: Bool = false) {
        precondition(
            values.count == shape.reduce(1, *), "\(values.count) values do not fill a tensor of shape \(shape)")
        self.init(shape: shape, needsGradient: needsGradient)
        _ = self.values.update(from: values)
    }

    /// The same memory seen with another shape.
    init(sharing other: Tensor, shape: [Int], needsGradient: Bool) {
        precondition(
            shape.reduce(1, *) == other.count, "\(other.count) values do not fill a tensor of shape \(shape)")
        self.shape = shape
        self.needsGradient = needsGradient
        buffer = other.buffer
    }

    /// The number of values.
    public var count: Int { shape.reduce(1, *) }

    /// The first value. Keep the tensor while the pointer is in use: nothing else keeps the memory.
    @inline(__always)
    public var pointer: UnsafeMutablePointer<Float> { buffer.floats }

    /// All values, in row-major order. Keep the tensor while they are in use: of a tensor that has no other owner, take
    /// `array`.
    public var values: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// A copy of all values, in row-major order.
    public var array: [Float] { withExtendedLifetime(self) { Array(values) } }

    /// The values of one entry of the outermost axis.
    public var rowCount: Int { shape.isEmpty ? 1 : shape.dropFirst().reduce(1, *) }

    /// Where the values of entry `row` of the outermost axis begin.
    @inline(__always)
    public func row(_ row: Int) -> UnsafeMutablePointer<Float> { pointer + row * rowCount }

    /// The values as the weights of a convolution, in the layouts that oneDNN wants; each layout is made at its first
    /// use after this call, because the values may have changed since the last one.
    func packed(for shape: ConvolutionShape) throws -> PackedWeights {
        let packed = try packing ?? PackedWeights(for: shape)
        packing = packed
        try packed.replace(with: pointer)
        return packed
    }

    /// A tensor of the same shape with every value set to `value`.
    func filled(with value: Float) -> Tensor {
        let result = Tensor(shape: shape)
        result.values.update(repeating: value)
        return result
    }
}
