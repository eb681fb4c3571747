import Autograd
import Kernels
import Models
import Normalization

/// The mean pixel of an image, optionally batch-normalised before, times a weight a class, plus a bias: small enough for
/// closed forms.
final class TinyNetwork: Network {
    let weight = Parameter(name: "dense.weight", tensor: zeros([10, 1]))
    let bias = Parameter(name: "dense.bias", tensor: zeros([10]))
    let normalization: BatchNormalization?
    /// Called with the output of each layer before it is used.
    var disturb: (String, Tensor, BatchLayout) -> Void = { _, _, _ in }

    init(
        statistics: StatisticsGroup? = nil, hosting: Hosting = Hosting(workers: 1),
        reducer: any StatisticsReducer = SingleRankReducer()
    ) {
        normalization = statistics.map {
            BatchNormalization(
                name: "normalization", channels: 1, options: BatchNormalization.Options(statistics: $0),
                hosting: hosting, reducer: reducer)
        }
    }

    var parameters: [Parameter] {
        var affine: [Parameter] = []
        if let gamma = normalization?.gamma, let beta = normalization?.beta {
            affine = [
                Parameter(name: "normalization.gamma", tensor: gamma),
                Parameter(name: "normalization.beta", tensor: beta),
            ]
        }
        return affine + [weight, bias]
    }

    var batchNormalizations: [BatchNormalization] { normalization.map { [$0] } ?? [] }

    func logits(
        _ images: Tensor, mode: NormalizationMode, on tape: Tape, inspect: ((String, Tensor) -> Void)?
    ) throws -> Tensor {
        let normalized = try normalization?(images, mode: mode, on: tape) ?? images
        let means = tape.spatialMean(normalized)
        disturb("means", means, tape.layout)
        inspect?("means", means)
        let products = try tape.dense(means, weight.tensor)
        disturb("dense", products, tape.layout)
        inspect?("dense", products)
        return tape.addBias(products, bias.tensor)
    }

    private static func zeros(_ shape: [Int]) -> Tensor {
        Tensor(Array(repeating: 0, count: shape.reduce(1, *)), shape: shape, needsGradient: true)
    }
}
