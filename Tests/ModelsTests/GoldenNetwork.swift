import Autograd
import Models
import Normalization
import OneDNN
import TestSupport

let golden = Result { try Golden("network") }

/// The network of `network.safetensors` in its initial state.
func goldenNetwork(
    _ choice: NormalizationChoice, convolution: ConvolutionChoice = .fastest, hosting: Hosting = Hosting(workers: 1),
    reducer: any StatisticsReducer = SingleRankReducer()
) throws -> ConvolutionalNetwork {
    let network = ConvolutionalNetwork(
        inputChannels: 1, classes: 10, normalization: choice, seed: 1, convolution: convolution, hosting: hosting,
        reducer: reducer)
    for parameter in network.parameters {
        let values = try golden.get().floats(parameter.name)
        precondition(values.count == parameter.tensor.count, parameter.name)
        _ = parameter.tensor.values.update(from: values)
    }
    return network
}

/// The normalisations of `network.safetensors` by name.
let goldenChoices: [(name: String, choice: NormalizationChoice)] = [
    ("bn", .batch(BatchNormalization.Options())), ("gn", .group(groups: 8, epsilon: 1e-5, affine: true)),
    ("ln", .layer(epsilon: 1e-5, affine: true)), ("in", .instance(epsilon: 1e-5, affine: true)), ("none", .none),
]
