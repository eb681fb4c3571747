import Autograd
import Catalogues
import Models
import Normalization
import OneDNN
import TestSupport
import Workers
import XCTest

let golden = Result { try Golden("network") }

/// The norms of `network.safetensors`: their names there and in the catalogue.
let goldenNorms: [(name: String, norm: String)] = [
    ("bn", "syncbn"), ("gn", "gn"), ("ln", "ln"), ("in", "in"), ("rms", "rms"),
    ("none", "none"),
]

/// A norm of the catalogue with the built-in settings.
///
/// - Parameter statistics: the samples that share the statistics of a batch norm; what its name implies when left out.
func norm(_ name: String, over statistics: StatisticsGroup? = nil) throws -> Norm {
    var settings = NormSettings()
    settings.statistics = statistics
    return try XCTUnwrap(Norm.catalogue.named(name)).make(settings)
}

/// The network `cnn`.
func cnn(_ settings: NetworkSettings) throws -> any Layer {
    try XCTUnwrap(Networks.catalogue.named("cnn")).make(settings)
}

/// The network of `network.safetensors` in its initial state.
func goldenNetwork(
    _ norm: Norm, convolution: ConvolutionChoice = .fastest, hosting: Hosting = Hosting(workers: 1),
    sums: any Sums = ExactSums()
) throws -> any Layer {
    var settings = NetworkSettings(inputChannels: 1, classes: 10, norm: norm, seed: 1)
    settings.model.convolution = convolution
    settings.hosting = hosting
    settings.sums = sums
    let network = try cnn(settings)
    for parameter in network.parameters {
        let values = try golden.get().floats(parameter.name)
        precondition(values.count == parameter.tensor.count, parameter.name)
        _ = parameter.tensor.values.update(from: values)
    }
    return network
}

extension Module {
    /// Running means and variances: their names in files and the sets that are kept here.
    var runningStatistics: [(name: String, tensor: Tensor)] {
        state.compactMap { state in
            guard case .floats(let tensor) = state.values else { return nil }
            return (state.name, tensor)
        }
    }
}
