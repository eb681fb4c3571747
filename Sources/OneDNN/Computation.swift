import COneDNN

/// Kernels that run one after another, on memory of the caller and on memory that they take from the workspace of their
/// thread for the time of a run. Made once for a shape, so that a run only sets pointers.
final class Computation {
    private let workspace = Workspace.ofCallingThread
    private var primitives: [Primitive] = []
    /// What lies in the workspace, and where. Scratchpads begin behind all else: only one is in use at a time.
    private var areas: [(memory: Memory, offset: Int)] = []
    private var scratchpads: [Memory] = []
    private var areaBytes = 0
    private var scratchpadBytes = 0
    private var base: UnsafeMutableRawPointer?

    /// Memory for the time of a run.
    func memory(_ layout: dnnl_memory_desc_t) throws -> Memory {
        let memory = try Memory(layout, ownsBuffer: false)
        areas.append((memory, areaBytes))
        areaBytes += memory.byteCount.roundedUp(to: Workspace.alignment)
        return memory
    }

    /// What a kernel reads: the argument itself or, where the kernel wants another layout, a copy that is made at this
    /// point of each run.
    func input(_ argument: Memory, wanted layout: dnnl_memory_desc_t, for purpose: String) throws -> Memory {
        if argument.layout.isEqual(to: layout) { return argument }
        let copy = try memory(layout)
        try add(reordering: argument, into: copy, for: purpose)
        return copy
    }

    /// Adds a kernel that writes to `argument`; where it wants another layout, a copy follows.
    ///
    /// - Parameter kernel: adds the kernel, given what it writes to.
    @discardableResult
    func output(
        _ argument: Memory, wanted layout: dnnl_memory_desc_t, for purpose: String,
        of kernel: (Memory) throws -> Primitive
    ) throws -> Primitive {
        if argument.layout.isEqual(to: layout) { return try kernel(argument) }
        let result = try memory(layout)
        let primitive = try kernel(result)
        try add(reordering: result, into: argument, for: purpose)
        return primitive
    }

    /// Adds a kernel.
    @discardableResult
    func add(
        _ descriptor: PrimitiveDescriptor, _ arguments: [(index: Int32, memory: Memory)]
    ) throws -> Primitive {
        var arguments = arguments
        if let layout = descriptor.layout(dnnl_query_scratchpad_md) {
            let scratchpad = try Memory(layout, ownsBuffer: false)
            arguments.append((DNNL_ARG_SCRATCHPAD, scratchpad))
            scratchpads.append(scratchpad)
            scratchpadBytes = max(scratchpadBytes, scratchpad.byteCount)
        }
        let primitive = try Primitive(descriptor, arguments: arguments)
        primitives.append(primitive)
        return primitive
    }

    /// Adds a copy into another layout.
    func add(reordering source: Memory, into destination: Memory, for purpose: String) throws {
        try add(
            PrimitiveDescriptor(reordering: source.layout, into: destination.layout, purpose: purpose),
            [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, destination)])
    }

    /// Runs all kernels.
    ///
    /// - Parameter setArguments: points to the memory of the caller; no other thread is in here meanwhile.
    func run(_ setArguments: () throws -> Void) throws {
        try workspace.use(byteCount: areaBytes + scratchpadBytes) { base in
            if base != self.base { try lend(base) }
            try setArguments()
            for primitive in primitives { try primitive.execute() }
        }
    }

    private func lend(_ base: UnsafeMutableRawPointer) throws {
        for area in areas { try area.memory.point(to: base + area.offset) }
        for scratchpad in scratchpads { try scratchpad.point(to: base + areaBytes) }
        self.base = base
    }
}

extension Int {
    fileprivate func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
