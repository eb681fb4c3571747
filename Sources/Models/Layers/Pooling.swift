import Autograd
import OneDNN

/// The maximum over windows of 2 × 2 pixels, which halves the image.
public final class MaximumPooling: Layer {
    /// What the layer is called in messages and files.
    public let name: String

    init(name: String) { self.name = name }

    /// Images × ⌊height/2⌋ × ⌊width/2⌋ × channels.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        let shape = PoolingShape(images: x.shape[0], height: x.shape[1], width: x.shape[2], channels: x.shape[3])
        return try context.layer(name, .pooling(shape), of: x) { try context.tape.maximumPooling(x) }
    }
}

/// The mean over all pixels of each image and channel.
public final class MeanPooling: Layer {
    /// What the layer is called in messages and files.
    public let name = "mean pooling"

    /// Images × channels.
    public func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        context.layer(name, of: x) { context.tape.spatialMean(x) }
    }
}
