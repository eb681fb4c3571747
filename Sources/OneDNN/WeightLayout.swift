import COneDNN
import Synchronization

/// A layout of weights that some primitive wants. Equal layouts are one object, so that comparing two costs nothing.
final class WeightLayout: Sendable {
    private static let known = Mutex<[WeightLayout]>([])

    let descriptor: dnnl_memory_desc_t

    private init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

    static func chosen(by primitive: PrimitiveDescriptor, query: dnnl_query_t) throws -> WeightLayout {
        let descriptor = try primitive.requiredLayout(query)
        return known.withLock { known in
            if let equal = known.first(where: { $0.descriptor.isEqual(to: descriptor) }) { return equal }
            let layout = WeightLayout(descriptor)
            known.append(layout)
            return layout
        }
    }
}
