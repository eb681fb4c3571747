import Autograd
import Catalogues
import Kernels

/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2), in PyTorch's convention.
final class Adam: Optimiser {
    static let definition = Definition<OptimiserSettings, any Optimiser>(
        "adam", "Adam, weight decay added to the gradients"
    ) { Adam($0, decouplesDecay: false) }

    static let decoupled = Definition<OptimiserSettings, any Optimiser>(
        "adamw", "AdamW: Adam, weight decay taken off the weights"
    ) { Adam($0, decouplesDecay: true) }

    /// m and then v of each parameter, zeros at first.
    let state: [StateTensor]
    private let means: [Tensor]
    private let squares: [Tensor]
    private let settings: OptimiserSettings
    private let decouplesDecay: Bool

    private init(_ settings: OptimiserSettings, decouplesDecay: Bool) {
        self.settings = settings
        self.decouplesDecay = decouplesDecay
        let (means, squares) = (settings.zeros(named: "gradientMean"), settings.zeros(named: "gradientSquare"))
        state = means + squares
        self.means = means.tensors
        self.squares = squares.tensors
    }

    func step(_ index: Int, number: Int, rate: Double, gradient: UnsafePointer<Float>) {
        let weights = settings.parameters[index].tensor
        adamStep(
            weights: weights.pointer, mean: means[index].pointer, square: squares[index].pointer, gradient: gradient,
            count: weights.count,
            AdamCoefficients(
                rate: rate, beta1: settings.training.beta1, beta2: settings.training.beta2,
                epsilon: settings.training.optimiserEpsilon,
                weightDecay: settings.weightDecay(ofParameter: index), decouplesDecay: decouplesDecay, step: number))
    }
}
