import Datasets
import Models
import OneDNN

/// The arithmetic of the convolutional network, as a direct convolution needs it.
///
/// Counted are the multiply-adds of the convolutions and of the dense layer, two operations each, products with padding
/// included. A layer computes three such products in a training step: forward, the gradient of its input and the
/// gradient of its weights; the first convolution has no use for the gradient of its input. Normalisation, pooling and
/// everything else is not counted, so that the figure is the same for every norm: for images of 28×28×1 and ten classes
/// 131 MFLOP an image.
struct NetworkWork {
    let height: Int
    let width: Int
    let channels: Int
    let classes: Int
    let convolution: ConvolutionChoice

    init(height: Int, width: Int, channels: Int, classes: Int, convolution: ConvolutionChoice = .fastest) {
        self.height = height
        self.width = width
        self.channels = channels
        self.classes = classes
        self.convolution = convolution
    }

    init(_ images: ImageSet, convolution: ConvolutionChoice = .fastest) {
        self.init(
            height: images.height, width: images.width, channels: images.channels, classes: images.classes,
            convolution: convolution)
    }

    /// The shapes of the convolutions over so many images, in the order of the layers.
    func convolutions(images: Int) -> [ConvolutionShape] {
        var (height, width, inputChannels) = (height, width, channels)
        return ConvolutionalNetwork.channels.enumerated().map { layer, outputChannels in
            if ConvolutionalNetwork.pooledBefore.contains(layer) {
                height /= 2
                width /= 2
            }
            defer { inputChannels = outputChannels }
            return ConvolutionShape(
                images: images, height: height, width: width, inputChannels: inputChannels,
                outputChannels: outputChannels, kernel: 3, padding: 1, choice: convolution)
        }
    }

    /// The shapes of the poolings over so many images, in the order of the layers.
    func poolings(images: Int) -> [PoolingShape] {
        let convolutions = convolutions(images: images)
        return ConvolutionalNetwork.pooledBefore.sorted().map { layer in
            let before = convolutions[layer - 1]
            return PoolingShape(
                images: images, height: before.outputHeight, width: before.outputWidth, channels: before.outputChannels)
        }
    }

    /// Floating-point operations of a training step for each of its images.
    var flopsPerImage: Int {
        let convolutions = convolutions(images: 1)
        let firstInputGradient = convolutions.first?.forwardFlops ?? 0
        let dense = 2 * (convolutions.last?.outputChannels ?? 0) * classes
        return 3 * (convolutions.reduce(0) { $0 + $1.forwardFlops } + dense) - firstInputGradient
    }
}
