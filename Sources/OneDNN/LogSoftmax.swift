import COneDNN
import Synchronization

/// The extents of a log-softmax over the classes of each row.
public struct LogSoftmaxShape: Hashable, Sendable, CustomStringConvertible {
    /// Rows, each a distribution of its own.
    public let rows: Int
    /// Values of a row.
    public let classes: Int

    /// At least one row and one class.
    public init(rows: Int, classes: Int) {
        self.rows = rows
        self.classes = classes
    }

    /// For example `log-softmax of 32×10`.
    public var description: String { "log-softmax of \(rows)×\(classes)" }

    func layout() throws -> dnnl_memory_desc_t {
        var descriptor = dnnl_memory_desc_t()
        try check(
            dnnl_memory_desc_init_by_tag(&descriptor, 2, [Int64(rows), Int64(classes)], dnnl_f32, dnnl_ab),
            "dnnl_memory_desc_init_by_tag", for: "the \(self)")
        return descriptor
    }
}

/// y = x − log Σ exp(x) over the classes of each row.
///
/// One object serves all calls of a shape; concurrent calls wait for each other.
public final class LogSoftmax: @unchecked Sendable {
    private static let cache = PrimitiveCache<LogSoftmaxShape, LogSoftmax>()

    // Never changed after `init`.
    let descriptor: PrimitiveDescriptor
    // Guarded by `turn`.
    private let source: Memory
    private let destination: Memory
    private let primitive: Primitive
    private let turn = Mutex(())

    /// The one object for `shape` and the present `Engine.threads`: made at the first request, then found.
    ///
    /// - Throws: `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: LogSoftmaxShape) throws -> LogSoftmax {
        try cache.primitive(for: shape) { try LogSoftmax($0) }
    }

    private init(_ shape: LogSoftmaxShape) throws {
        var layout = try shape.layout()
        let purpose = "the forward pass of the \(shape)"
        var operation = dnnl_logsoftmax_desc_t()
        try check(
            dnnl_logsoftmax_forward_desc_init(&operation, dnnl_forward_training, &layout, 1),
            "dnnl_logsoftmax_forward_desc_init", for: purpose)
        descriptor = try PrimitiveDescriptor(operation: &operation, purpose: purpose)
        source = try Memory(layout, ownsBuffer: false)
        destination = try Memory(layout, ownsBuffer: false)
        primitive = try Primitive(descriptor, arguments: [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, destination)])
    }

    /// - Parameters:
    ///   - source: rows × classes
    ///   - destination: rows × classes, overwritten
    /// - Throws: `callFailed`.
    public func execute(source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>) throws {
        try turn.withLock { _ in
            try self.source.point(to: source)
            try self.destination.point(to: destination)
            try primitive.execute()
        }
    }
}

/// The gradient of a log-softmax: dx = dy − exp(y) Σdy over the classes of each row.
///
/// One object serves all calls of a shape; concurrent calls wait for each other.
public final class LogSoftmaxGradient: @unchecked Sendable {
    private static let cache = PrimitiveCache<LogSoftmaxShape, LogSoftmaxGradient>()

    // Guarded by `turn`.
    private let logProbabilities: Memory
    private let outputGradient: Memory
    private let inputGradient: Memory
    private let primitive: Primitive
    private let turn = Mutex(())

    /// The one object for `shape` and the present `Engine.threads`: made at the first request, then found.
    ///
    /// - Throws: `callFailed` if oneDNN has no kernel for it.
    public static func cached(_ shape: LogSoftmaxShape) throws -> LogSoftmaxGradient {
        try cache.primitive(for: shape) { try LogSoftmaxGradient($0) }
    }

    private init(_ shape: LogSoftmaxShape) throws {
        let forward = try LogSoftmax.cached(shape)
        var layout = try shape.layout()
        let purpose = "the gradient of the \(shape)"
        var operation = dnnl_logsoftmax_desc_t()
        try check(
            dnnl_logsoftmax_backward_desc_init(&operation, &layout, &layout, 1),
            "dnnl_logsoftmax_backward_desc_init", for: purpose)
        let descriptor = try PrimitiveDescriptor(
            operation: &operation, forward: forward.descriptor, purpose: purpose)
        logProbabilities = try Memory(layout, ownsBuffer: false)
        outputGradient = try Memory(layout, ownsBuffer: false)
        inputGradient = try Memory(layout, ownsBuffer: false)
        primitive = try Primitive(
            descriptor,
            arguments: [
                (DNNL_ARG_DST, logProbabilities), (DNNL_ARG_DIFF_DST, outputGradient),
                (DNNL_ARG_DIFF_SRC, inputGradient),
            ])
    }

    /// - Parameters:
    ///   - logProbabilities: rows × classes: y, the result of the forward pass
    ///   - outputGradient: rows × classes: dy
    ///   - inputGradient: rows × classes, overwritten: dx
    /// - Throws: `callFailed`.
    public func execute(
        logProbabilities: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>
    ) throws {
        try turn.withLock { _ in
            try self.logProbabilities.point(to: logProbabilities)
            try self.outputGradient.point(to: outputGradient)
            try self.inputGradient.point(to: inputGradient)
            try primitive.execute()
        }
    }
}
