import Workers

/// The operations of one forward pass, in order, so that gradients can be computed backwards.
///
/// Operations are methods of the tape, each in a file of its own under `Operations`. A tape that does not record runs
/// them just the same and remembers nothing.
public final class Tape {
    /// Whose images are where in this rank's tensors.
    public let layout: BatchLayout
    /// Whether operations are remembered.
    public let isRecording: Bool
    /// Looks into the passes, forward and backward.
    public let probe: (any Probe)?
    /// The layer whose operations are being carried out; known only where there is a probe.
    private var layer: String?

    struct Node {
        let operation: String
        let layer: String?
        let output: Tensor
        let backward: (Tensor, GradientFlow) throws -> Void
    }

    private var nodes: [Node] = []

    /// An empty tape for images laid out as `layout`.
    public init(layout: BatchLayout, isRecording: Bool = true, probe: (any Probe)? = nil) {
        self.layout = layout
        self.isRecording = isRecording
        self.probe = probe
    }

    /// Carries out the operations of a layer, so that the probe sees them under its name, and their backward passes
    /// too.
    public func layer<Value>(_ name: @autoclosure () -> String, _ operations: () throws -> Value) rethrows -> Value {
        guard let probe else { return try operations() }
        let outer = layer
        let name = name()
        layer = name
        defer { layer = outer }
        return try observe(probe, name, .forward, operations)
    }

    /// Remembers an operation.
    ///
    /// - Parameters:
    ///   - operation: what the operation is called in messages.
    ///   - output: what it made; nothing is remembered when no gradient flows to it.
    ///   - backward: given the gradient with respect to `output`, adds those of the inputs to the flow.
    public func record(
        _ operation: String, output: Tensor, backward: @escaping (Tensor, GradientFlow) throws -> Void
    ) {
        guard isRecording, output.needsGradient else { return }
        nodes.append(Node(operation: operation, layer: layer, output: output, backward: backward))
    }

    /// Runs backwards from `output`, handing every parameter's gradient to `receiver`, and empties the tape: what an
    /// operation kept for its backward pass is free again as soon as that has run.
    ///
    /// - Parameters:
    ///   - output: where to start.
    ///   - upstream: ∂L/∂output, of the shape of `output`; ones when left out.
    ///   - receiver: takes the gradients of its parameters.
    public func backward(
        from output: Tensor, upstream: Tensor? = nil, into receiver: any GradientReceiver
    ) throws {
        let flow = GradientFlow(receiver: receiver)
        flow.add(upstream ?? output.filled(with: 1), to: output)
        while let node = nodes.popLast() {
            try run(node, flow)
        }
    }

    /// The gradients of `output` with respect to `targets`.
    ///
    /// - Parameters:
    ///   - output: where to start.
    ///   - upstream: ∂L/∂output, of the shape of `output`; ones when left out.
    ///   - targets: tensors that take part in it.
    ///   - recording: whether the backward pass is recorded on this tape, so that it can be differentiated again.
    /// - Returns: one tensor a target; zeros where no gradient arrives.
    /// - Throws: `AutogradError.notTwiceDifferentiable` when an operation's backward pass can't be recorded.
    public func gradients(
        of output: Tensor, upstream: Tensor? = nil, for targets: [Tensor], recording: Bool = false
    ) throws -> [Tensor] {
        let flow = GradientFlow(tape: recording ? self : nil, keeping: targets)
        flow.add(upstream ?? output.filled(with: 1), to: output)
        for node in nodes.reversed() {
            try run(node, flow)
        }
        return targets.map { flow.gradient(of: $0) ?? $0.filled(with: 0) }
    }

    /// Operations that run worker by worker would leave out images that no worker owns.
    func requireImages(_ x: Tensor) {
        precondition(
            x.shape.first == layout.images, "a tensor of shape \(x.shape) for a batch of \(layout.images) images")
    }

    private func run(_ node: Node, _ flow: GradientFlow) throws {
        guard let upstream = flow.take(node.output) else { return }
        try observe(probe, node.layer ?? node.operation, .backward) { try node.backward(upstream, flow) }
    }
}
