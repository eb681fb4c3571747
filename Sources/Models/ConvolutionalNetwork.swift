import Autograd
import Kernels
import Normalization
import OneDNN

/// The small network of the studies: 3×3 convolutions of 32, 32, (pool) 64, 64, (pool) and 128 channels, each with a
/// normalisation and ReLU, then global average pooling and a dense layer.
public final class ConvolutionalNetwork: Network {
    /// Output channels of the convolutions.
    public static let channels = [32, 32, 64, 64, 128]
    /// The convolutions, counted from 0, in front of which the image is halved.
    public static let pooledBefore: Set<Int> = [2, 4]
    /// Height and width of the smallest images: those that two poolings leave a pixel of.
    public static let smallestExtent = 4

    private let blocks: [ConvolutionBlock]
    private let dense: Parameter
    private let bias: Parameter

    /// A network with initial weights drawn from `seed`, the same for every normalisation.
    ///
    /// - Parameters:
    ///   - inputChannels: of the images.
    ///   - convolution: the algorithms that convolutions may take.
    ///   - hosting: which workers live where.
    ///   - reducer: adds up statistics over the ranks of `hosting`.
    public init(
        inputChannels: Int, classes: Int, normalization: NormalizationChoice, seed: UInt64,
        convolution: ConvolutionChoice = .fastest, hosting: Hosting = Hosting(workers: 1),
        reducer: any StatisticsReducer = SingleRankReducer()
    ) {
        blocks = Self.channels.indices.map { index in
            ConvolutionBlock(
                number: index + 1, inputChannels: index == 0 ? inputChannels : Self.channels[index - 1],
                outputChannels: Self.channels[index], choice: normalization, activation: .relu,
                convolution: convolution, hosting: hosting, reducer: reducer, seed: seed)
        }
        let features = Self.channels[Self.channels.count - 1]
        dense = .he(name: "dense.weight", shape: [classes, features], inputs: features, seed: seed)
        bias = .zeros(name: "dense.bias", shape: [classes])
    }

    /// Everything that training changes, in the order of the layers.
    public var parameters: [Parameter] { blocks.flatMap(\.parameters) + [dense, bias] }

    /// The batch norms, in the order of the layers; empty for other normalisations.
    public var batchNormalizations: [BatchNormalization] {
        blocks.compactMap { $0.normalization as? BatchNormalization }
    }

    /// The scores of each class: images × classes.
    public func logits(
        _ images: Tensor, mode: NormalizationMode, on tape: Tape, inspect: ((String, Tensor) -> Void)? = nil
    ) throws -> Tensor {
        var features = images
        for (index, block) in blocks.enumerated() {
            if Self.pooledBefore.contains(index) {
                features = try tape.layer("pooling\(index)") { try tape.maximumPooling(features) }
            }
            features = try block(features, mode: mode, on: tape, inspect: inspect)
        }
        let means = tape.layer("mean pooling") { tape.spatialMean(features) }
        let scores = try tape.layer("dense") { try tape.addBias(tape.dense(means, dense.tensor), bias.tensor) }
        inspect?("dense", scores)
        return scores
    }
}
