import Autograd

/// A network without its last layer: it makes features, images × features, of images, NHWC.
public struct Encoder {
    /// What the network is called.
    public let name: String
    /// Its layers, in the order in which data goes through them.
    let layers: [any Layer]
    /// Values that it makes of an image.
    public let features: Int

    init(name: String, _ layers: [any Layer], features: Int) {
        self.name = name
        self.layers = layers
        self.features = features
    }

    /// The layers as one.
    public var network: LayerSequence { LayerSequence(name: name, layers) }

    /// The network that classifies by a dense layer behind the features.
    func classifier(_ settings: NetworkSettings) -> any Layer {
        let dense = Dense(name: "dense", inputs: features, outputs: settings.classes, seed: settings.seed)
        return LayerSequence(name: name, layers + [dense])
    }
}
