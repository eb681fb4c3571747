import Autograd
import Workers

/// The exact moments of everything that reaches some layers.
final class InputMoments: Probe {
    /// A layer with running statistics.
    struct NormLayer {
        let name: String
        let channels: Int
    }

    /// The layers of a network that have running statistics, in their order.
    static func layers(of network: any Module) -> [NormLayer] {
        network.state.filter { $0.role == .runningMean }.map { NormLayer(name: $0.layer, channels: $0.shape.last ?? 1) }
    }

    private let layers: [NormLayer]
    /// By layer: the count, and Σx and Σx² of each channel.
    private var totals: [String: ExactTotals] = [:]
    private var layout = BatchLayout(images: 0)

    init(_ layers: [NormLayer]) {
        self.layers = layers
        for layer in layers {
            totals[layer.name] = ExactTotals(counts: 1, values: 2 * layer.channels, as: .activations)
        }
    }

    /// A tape for a forward pass that is looked at; nothing is recorded.
    func tape(_ layout: BatchLayout) -> Tape {
        self.layout = layout
        return Tape(layout: layout, isRecording: false, probe: self)
    }

    /// Adds what reaches one of the layers, worker by worker.
    func see(_ pass: LayerPass) {
        guard var sums = totals.removeValue(forKey: pass.layer) else { return }
        let moments = WorkerMoments(of: pass.input, layer: pass.layer, layout: layout)
        let width = 2 * moments.channels
        for (worker, count) in moments.counts.enumerated() {
            sums.add(count, toCount: 0)
            for value in 0..<width { sums.add(moments.sums[worker * width + value], toValue: value) }
        }
        totals[pass.layer] = sums
    }

    /// The statistics of all that came, by layer; a collective.
    func statistics(over transport: any Transport, biased: Bool) throws -> [String: ChannelStatistics] {
        var statistics: [String: ChannelStatistics] = [:]
        for layer in layers {
            guard var sums = totals[layer.name] else { continue }
            try sums.reduce(over: transport, for: "precise statistics")
            let (count, channels) = (sums.count(0), layer.channels)
            let population = ChannelStatistics(
                count: count, sums: (0..<channels).map { sums.value($0) },
                squareSums: (0..<channels).map { sums.value(channels + $0) })
            let correction = biased || count == 1 ? 1 : Double(count) / Double(count - 1)
            statistics[layer.name] = ChannelStatistics(
                mean: population.mean, variance: population.variance.map { correction * $0 })
        }
        return statistics
    }
}
