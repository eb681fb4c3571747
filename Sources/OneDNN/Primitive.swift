import COneDNN

/// A kernel with its arguments: everything that a call needs is made once, so that a call only sets pointers.
final class Primitive {
    private let engine: Engine
    private let handle: dnnl_primitive_t
    private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
    // The arguments hold their handles.
    private var memories: [Memory]
    private let purpose: String

    /// - Parameter arguments: oneDNN's index of each argument, such as `DNNL_ARG_SRC`, and its memory
    init(_ descriptor: PrimitiveDescriptor, arguments: [(index: Int32, memory: Memory)]) throws {
        engine = try Engine.shared()
        purpose = descriptor.purpose
        engine.prepareCallingThread()
        var primitive: dnnl_primitive_t?
        try check(dnnl_primitive_create(&primitive, descriptor.handle), "dnnl_primitive_create", for: purpose)
        guard let primitive else { throw OneDNNError.nothingMade(call: "dnnl_primitive_create") }
        handle = primitive
        memories = arguments.map(\.memory)
        self.arguments = .allocate(capacity: arguments.count)
        _ = self.arguments.initialize(
            fromContentsOf: arguments.map { dnnl_exec_arg_t(arg: $0.index, memory: $0.memory.handle) })
    }

    deinit {
        dnnl_primitive_destroy(handle)
        arguments.deallocate()
    }

    /// Puts another memory of the same layout in the place of argument `position` (counted as given to `init`).
    @inline(__always)
    func setArgument(_ position: Int, to memory: Memory) {
        memories[position] = memory
        arguments[position].memory = memory.handle
    }

    /// Computes; the caller sees to it that no other thread is in here.
    @inline(__always)
    func execute() throws {
        engine.prepareCallingThread()
        try check(
            dnnl_primitive_execute(handle, engine.stream, Int32(arguments.count), arguments.baseAddress),
            "dnnl_primitive_execute", for: purpose)
    }
}
