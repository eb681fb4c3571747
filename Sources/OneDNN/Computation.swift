import COneDNN

/// A kernel and the copies around it for the arguments that it wants in another layout. Made once for a shape, so that a
/// run only sets pointers and executes.
///
/// Copies and scratchpads lie in the workspace of the thread, which they have for the time of a run.
final class Computation: @unchecked Sendable {
    /// oneDNN's index of an argument, such as `DNNL_ARG_SRC`, and its memory.
    typealias Argument = (index: Int32, memory: Memory)

    // After `init` all of this changes only while it has the workspace, so that one thread at a time is in here.
    private let workspace = Workspace.ofCallingThread
    /// The memory of the caller.
    private let callers: [Memory]
    private var kernel: Primitive?
    private var primitives: [Primitive] = []
    /// What lies in the workspace, and where. Scratchpads begin behind all else: only one is in use at a time.
    private var areas: [(memory: Memory, offset: Int)] = []
    private var copiesEnd = 0
    private var byteCount = 0
    private var base: UnsafeMutableRawPointer?

    /// - Parameters:
    ///   - weights: the layout of the weights that `run` is given, for a kernel that has them
    ///   - inputs: what the kernel reads, as it lies in the memory of the caller
    ///   - outputs: what the kernel writes, as it is to lie there
    init(
        _ descriptor: PrimitiveDescriptor, weights: WeightLayout? = nil, reading inputs: [Argument],
        writing outputs: [Argument]
    ) throws {
        callers = (inputs + outputs).map(\.memory)
        let read = try inputs.map { ($0.index, try wanted(by: descriptor, $0)) }
        let written = try outputs.map { ($0.index, try wanted(by: descriptor, $0)) }
        for (input, (_, copy)) in zip(inputs, read) where copy !== input.memory {
            try add(reordering: input.memory, into: copy, for: descriptor.purpose)
        }
        // First, where `run` replaces them.
        let packed = try weights.map { [(DNNL_ARG_WEIGHTS, try Memory($0.descriptor))] } ?? []
        kernel = try add(descriptor, packed + read + written)
        for (output, (_, copy)) in zip(outputs, written) where copy !== output.memory {
            try add(reordering: copy, into: output.memory, for: descriptor.purpose)
        }
    }

    /// Computes; other threads wait for each other meanwhile.
    ///
    /// - Parameters:
    ///   - first: the memory of the caller for the first of what is read and written, in the order of `init`; nil where
    ///     it stays what it was
    ///   - second: that for the second
    ///   - third: that for the third
    ///   - weights: in the layout that `init` was given
    func run(
        _ first: UnsafeRawPointer? = nil, _ second: UnsafeRawPointer? = nil, _ third: UnsafeRawPointer? = nil,
        weights: Memory? = nil
    ) throws {
        try workspace.use(byteCount: byteCount) { base in
            if base != self.base { try borrow(base) }
            if let weights { kernel?.setArgument(0, to: weights) }
            if let first { try callers[0].point(to: first) }
            if let second { try callers[1].point(to: second) }
            if let third { try callers[2].point(to: third) }
            for primitive in primitives { try primitive.execute() }
        }
    }

    private func borrow(_ base: UnsafeMutableRawPointer) throws {
        for area in areas { try area.memory.point(to: base + area.offset) }
        self.base = base
    }

    /// The memory of an argument, or room for a copy where the kernel wants another layout.
    private func wanted(by descriptor: PrimitiveDescriptor, _ argument: Argument) throws -> Memory {
        let layout = try descriptor.requiredLayout(of: argument.index)
        if argument.memory.layout.isEqual(to: layout) { return argument.memory }
        let copy = try area(layout)
        copiesEnd = byteCount.roundedUp(to: Workspace.alignment)
        return copy
    }

    private func area(_ layout: dnnl_memory_desc_t) throws -> Memory {
        let memory = try Memory(layout)
        areas.append((memory, copiesEnd))
        byteCount = max(byteCount, copiesEnd + memory.byteCount)
        return memory
    }

    @discardableResult
    private func add(_ descriptor: PrimitiveDescriptor, _ arguments: [Argument]) throws -> Primitive {
        let scratchpad = try descriptor.layout(of: DNNL_ARG_SCRATCHPAD).map { [(DNNL_ARG_SCRATCHPAD, try area($0))] }
        let primitive = try Primitive(descriptor, arguments: arguments + (scratchpad ?? []))
        primitives.append(primitive)
        return primitive
    }

    private func add(reordering source: Memory, into destination: Memory, for purpose: String) throws {
        try add(
            PrimitiveDescriptor(reordering: source.layout, into: destination.layout, purpose: purpose),
            [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, destination)])
    }
}

extension Int {
    fileprivate func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
