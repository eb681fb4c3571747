import Autograd
import Catalogues

/// The small network of the studies: 3×3 convolutions of 32, 32, (pool) 64, 64, (pool) and 128 channels, each with a
/// normalisation and ReLU, then global average pooling.
enum ConvolutionalNetwork {
    static let definition = Definition<NetworkSettings, Encoder>(
        "cnn", "five 3×3 convolutions of 32 to 128 channels, each with the norm"
    ) { settings in
        var layers: [any Layer] = []
        var inputs = settings.inputChannels
        for (index, outputs) in channels.enumerated() {
            if pooledBefore.contains(index) { layers.append(MaximumPooling(name: "pooling\(index)")) }
            layers.append(
                try NormalizedConvolution(
                    number: index + 1, inputChannels: inputs, outputChannels: outputs, settings))
            inputs = outputs
        }
        layers.append(MeanPooling())
        return Encoder(name: "cnn", layers, features: inputs)
    }

    /// Output channels of the convolutions.
    private static let channels = [32, 32, 64, 64, 128]
    /// The convolutions, counted from 0, in front of which the image is halved.
    private static let pooledBefore: Set<Int> = [2, 4]
}
