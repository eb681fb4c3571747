import OneDNN

/// Looks into the passes of a network: at the time that its layers take, or at what they make.
///
/// Both kinds of looks may be left out.
public protocol Probe: AnyObject {
    /// Work on a layer begins. Work may lie within other work; what began last ends first.
    func begin(_ layer: String, _ phase: PassPhase)

    /// The work that began last ends.
    func end()

    /// A layer has made its output.
    func see(_ pass: LayerPass)
}

extension Probe {
    /// Nothing.
    public func begin(_ layer: String, _ phase: PassPhase) {}
    /// Nothing.
    public func end() {}
    /// Nothing.
    public func see(_ pass: LayerPass) {}
}

/// The direction in which a step goes through a network.
public enum PassPhase: String, Sendable {
    /// From the images to the loss.
    case forward
    /// From the loss to the parameters.
    case backward
    /// Neither: the update of the parameters, for example.
    case other
}

/// One layer's part of a forward pass.
public struct LayerPass {
    /// The layer's name.
    public let layer: String
    /// What it computes.
    public let work: LayerWork
    /// What it was given.
    public let input: Tensor
    /// What it made.
    public let output: Tensor
}

/// What a layer computes, as far as somebody counts it.
public enum LayerWork: Equatable, Sendable {
    /// A convolution over all images.
    case convolution(ConvolutionShape)
    /// A pooling over all images.
    case pooling(PoolingShape)
    /// A product of images × inputs with inputs × outputs.
    case dense(inputs: Int, outputs: Int)
    /// A normalisation of images × height × width × channels.
    case normalization
    /// What stands in the place of a normalisation that the network does without, of this name.
    case absentNormalization(String)
    /// Nothing that anybody counts.
    case other
}

/// Does something between a probe's `begin` and `end`; without a probe that is all.
public func observe<Value>(
    _ probe: (any Probe)?, _ layer: @autoclosure () -> String, _ phase: PassPhase, _ body: () throws -> Value
) rethrows -> Value {
    guard let probe else { return try body() }
    probe.begin(layer(), phase)
    defer { probe.end() }
    return try body()
}
