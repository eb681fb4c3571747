/// A part of a network: a layer, or a network made of layers.
///
/// It declares what training changes and what a run keeps, and that of its parts follows by walking through them:
/// checkpoints, digests, exports, optimisers and the exchange of gradients need to know nothing else.
public protocol Module: AnyObject {
    /// What it is called in messages and files, unique in its network.
    var name: String { get }

    /// The parts that it is made of, in the order in which data goes through them.
    var children: [any Module] { get }

    /// What training changes, without that of the parts.
    var ownParameters: [Parameter] { get }

    /// What a run keeps beside it, without that of the parts.
    var ownState: [StateTensor] { get }
}

extension Module {
    /// No parts.
    public var children: [any Module] { [] }
    /// No parameters.
    public var ownParameters: [Parameter] { [] }
    /// No state.
    public var ownState: [StateTensor] { [] }

    /// Everything that training changes, in the order of the layers.
    public var parameters: [Parameter] { ownParameters + children.flatMap(\.parameters) }

    /// Everything that a run keeps beside the parameters, in the order of the layers.
    public var state: [StateTensor] { ownState + children.flatMap(\.state) }
}

/// A module that makes one tensor of another: most layers, and every network.
public protocol Layer: Module {
    /// The output for `x`, whose images are laid out as the context's tape says.
    func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor
}
