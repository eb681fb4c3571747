import Autograd
import Catalogues

/// ResNet-20 for small images (He et al. 2016, section 4.2): a convolution of 16 channels, three stages of three residual
/// blocks of 16, 32 and 64 channels, the later two halving the image, and global average pooling.
enum ResidualNetwork {
    static let definition = Definition<NetworkSettings, Encoder>(
        "resnet20", "ResNet-20 in its form for CIFAR-10: 19 convolutions of 16 to 64 channels"
    ) { settings in
        var layers: [any Layer] = [
            try NormalizedConvolution(
                number: 1, inputChannels: settings.inputChannels, outputChannels: stageChannels[0], settings)
        ]
        var inputs = stageChannels[0]
        for (stage, channels) in stageChannels.enumerated() {
            for block in 0..<blocksPerStage {
                layers.append(
                    try ResidualBlock(
                        name: "stage\(stage + 1).block\(block + 1)", inputChannels: inputs, outputChannels: channels,
                        stride: stage > 0 && block == 0 ? 2 : 1, settings))
                inputs = channels
            }
        }
        layers.append(MeanPooling())
        return Encoder(name: "resnet20", layers, features: inputs)
    }

    private static let stageChannels = [16, 32, 64]
    private static let blocksPerStage = 3
}
