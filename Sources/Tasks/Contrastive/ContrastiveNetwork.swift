import Autograd
import Models

/// An encoder, whose features are what is wanted, and behind it the head whose embeddings are compared in training.
final class ContrastiveNetwork: Layer {
    let name: String
    /// Makes features, images × features.
    let encoder: any Layer
    /// Makes embeddings of them.
    let head: any Layer

    init(_ encoder: Encoder, embedding width: Int, seed: UInt64) {
        name = encoder.name
        self.encoder = encoder.network
        head = ProjectionHead(inputs: encoder.features, width: width, seed: seed)
    }

    var children: [any Module] { [encoder, head] }

    func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        try head(encoder(x, context), context)
    }
}
