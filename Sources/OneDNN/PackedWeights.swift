import COneDNN
import Synchronization

/// The weights of one convolution, in every layout that its primitives want.
///
/// The forward pass, the input gradient and slices of different extents may each want another layout. The first use of a
/// layout after `replace(with:)` reorders the weights into it, further uses take the result, whatever the slice. Two
/// threads may use them at once only when that has been done (`prepare`).
///
/// ```swift
/// let weights = try PackedWeights(for: shape)
/// // once a step
/// try weights.replace(with: pointer)
/// // for every slice
/// try ConvolutionForward.cached(slice).execute(source: x, weights: weights, destination: y)
/// ```
public final class PackedWeights {
    private final class Pack {
        let layout: WeightLayout
        let memory: Memory
        let reorder: Computation
        var isCurrent = false

        init(_ layout: WeightLayout, from plain: Memory, purpose: String) throws {
            self.layout = layout
            memory = try Memory(layout.descriptor, ownsBuffer: true)
            reorder = try Computation(
                PrimitiveDescriptor(reordering: plain.layout, into: layout.descriptor, purpose: purpose),
                reading: [(DNNL_ARG_SRC, plain)], writing: [(DNNL_ARG_DST, memory)])
        }
    }

    private let extents: String
    private let plain: Memory
    private var packs: [Pack] = []
    private var hasValues = false

    /// How often the weights were reordered so far: for finding out whether slices share their layouts.
    public private(set) var reorderCount = 0

    /// Weights without values.
    /// - Parameter shape: a convolution that uses them; only its channels and its kernel count
    /// - Throws: `callFailed` for extents that oneDNN can't take.
    public init(for shape: ConvolutionShape) throws {
        extents = "\(shape.outputChannels)×\(shape.inputChannels)×\(shape.kernel)×\(shape.kernel)"
        plain = try Memory(shape.weightLayout())
    }

    /// Takes new values. The memory is read at the first use of each layout: it must stay valid and unchanged as long as
    /// the weights are used with these values.
    /// - Parameter weights: outputChannels × inputChannels × kernel × kernel
    /// - Throws: `callFailed`.
    public func replace(with weights: UnsafePointer<Float>) throws {
        try plain.point(to: weights)
        hasValues = true
        for pack in packs { pack.isCurrent = false }
    }

    func memory(in layout: WeightLayout) throws -> Memory {
        for pack in packs where pack.layout === layout {
            if !pack.isCurrent { try fill(pack) }
            return pack.memory
        }
        let pack = try Pack(layout, from: plain, purpose: "reordering the weights \(extents)")
        packs.append(pack)
        try fill(pack)
        return pack.memory
    }

    private func fill(_ pack: Pack) throws {
        guard hasValues else { throw OneDNNError.weightsWithoutValues(extents) }
        try pack.reorder.run()
        pack.isCurrent = true
        reorderCount += 1
    }
}

/// A layout of weights that some primitive wants. Equal layouts are one object, so that comparing two costs nothing.
final class WeightLayout: Sendable {
    private static let known = Mutex<[WeightLayout]>([])

    let descriptor: dnnl_memory_desc_t

    private init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

    static func chosen(by primitive: PrimitiveDescriptor) throws -> WeightLayout {
        let descriptor = try primitive.requiredLayout(of: DNNL_ARG_WEIGHTS)
        return known.withLock { known in
            if let equal = known.first(where: { $0.descriptor.isEqual(to: descriptor) }) { return equal }
            let layout = WeightLayout(descriptor)
            known.append(layout)
            return layout
        }
    }
}
