import Autograd
import Normalization
import Workers

/// The mean pixel of an image, optionally batch-normalised before, times a weight a class, plus a bias: small enough for
/// closed forms.
final class TinyNetwork: Layer {
    let name = "tiny"
    let dense = Scores()
    let normalization: BatchNormalization?
    /// Called with the output of each layer before it is used.
    var disturb: (String, Tensor, BatchLayout) -> Void = { _, _, _ in }
    /// What the products with the weights are multiplied by.
    var scoreFactor: Float = 1

    /// Weights and bias, zeros at first.
    final class Scores: Module {
        let name = "dense"
        let weight = Tensor.parameter(shape: [10, 1], filledWith: 0)
        let bias = Tensor.parameter(shape: [10], filledWith: 0)

        var ownParameters: [Parameter] {
            [Parameter(layer: name, .weight, weight), Parameter(layer: name, .bias, bias)]
        }
    }

    init(
        statistics: StatisticsGroup? = nil, hosting: Hosting = Hosting(workers: 1), sums: any Sums = ExactSums(),
        momentum: RunningMomentum = .exponential(0.1)
    ) {
        normalization = statistics.map {
            BatchNormalization(
                name: "normalization", channels: 1,
                options: BatchNormalization.Options(statistics: $0, momentum: momentum), hosting: hosting, sums: sums)
        }
    }

    var children: [any Module] { (normalization.map { [$0] } ?? []) + [dense] }

    func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        let tape = context.tape
        let normalized = try normalization?(x, context) ?? x
        let means = context.layer("means", of: normalized) {
            let means = tape.spatialMean(normalized)
            disturb("means", means, tape.layout)
            return means
        }
        let products = try context.layer("dense", of: means) {
            let products = tape.scale(try tape.dense(means, dense.weight), by: scoreFactor)
            disturb("dense", products, tape.layout)
            return products
        }
        return tape.addBias(products, dense.bias)
    }
}
