import Autograd
import Catalogues
import Normalization
import Workers

/// What a network is made for; each takes what concerns it.
public struct NetworkSettings {
    /// Channels of the images.
    public var inputChannels: Int
    /// Classes that it tells apart.
    public var classes: Int
    /// What normalises the activations.
    public var norm: Norm
    /// Decides the initial weights, which are the same for every norm.
    public var seed: UInt64
    /// What can be chosen about networks.
    public var model = ModelSettings()
    /// Which workers live where.
    public var hosting = Hosting(workers: 1)
    /// Takes sums over the workers of `hosting`.
    public var sums: any Sums = ExactSums()

    /// A network on one rank with one worker.
    public init(inputChannels: Int, classes: Int, norm: Norm, seed: UInt64) {
        self.inputChannels = inputChannels
        self.classes = classes
        self.norm = norm
        self.seed = seed
    }

    /// A layer of the norm; nil without a norm.
    func normalization(name: String, channels: Int) throws -> (any NormalizationLayer)? {
        try norm.layer(name, channels, hosting, sums)
    }
}

/// Networks for images.
public enum Networks {
    /// All networks without their last layer, in the order in which they are shown.
    public static let encoders: [Definition<NetworkSettings, Encoder>] = [
        ConvolutionalNetwork.definition, HeadNetwork.definition, ResidualNetwork.definition,
    ]

    /// The same as classifiers: each makes scores, images × classes, of images, NHWC.
    public static let catalogue = encoders.map { encoder in
        Definition<NetworkSettings, any Layer>(encoder.name, encoder.summary) { settings in
            try encoder.make(settings).classifier(settings)
        }
    }
}
