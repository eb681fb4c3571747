import Autograd
import Catalogues

/// Two convolutions without a norm, and the norm behind a dense layer alone, where each image gives it one value a channel:
/// 3×3 convolutions of 32 and 64 channels with ReLU and max pooling, global average pooling, a dense layer of 64 with the
/// norm and ReLU.
enum HeadNetwork {
    static let definition = Definition<NetworkSettings, Encoder>(
        "head", "two convolutions without a norm, and a dense layer of 64 with the norm"
    ) { settings in
        Encoder(
            name: "head",
            [
                Convolution(
                    name: "convolution1", inputChannels: settings.inputChannels, outputChannels: 32, activation: .relu,
                    settings),
                MaximumPooling(name: "pooling1"),
                Convolution(
                    name: "convolution2", inputChannels: 32, outputChannels: 64, activation: .relu, settings),
                MaximumPooling(name: "pooling2"),
                MeanPooling(),
                try NormalizedDense(number: 1, inputs: 64, outputs: 64, settings),
            ], features: 64)
    }
}
