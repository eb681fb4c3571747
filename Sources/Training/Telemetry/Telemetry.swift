import Autograd
import Workers

/// Records how far the statistics of each worker's own batch are from those of the global batch, layer by layer: what a
/// batch norm over each worker's batch makes its error of, whichever norm is trained.
///
/// It looks at what every norm is given, or would be given where a network does without, in the first step of an epoch,
/// in every tenth after it, and in the last. Of a layer that data goes through several times, and of a player that is
/// updated several times in a step, it takes the first. The distances do not depend on how workers are spread over ranks,
/// and nothing here has a part in what the training computes.
public final class Telemetry: Probe {
    /// Steps from one record to the next.
    static let interval = 10
    /// What its messages are for.
    static let purpose = "the telemetry"

    private let stepsPerEpoch: Int
    private let hosting: Hosting
    private let transport: any Transport
    private var layout = BatchLayout(images: 0)
    private var prefix = ""
    private var seen: Set<String> = []
    private var layers: [WorkerMoments] = []

    /// - Parameters:
    ///   - stepsPerEpoch: of the task.
    ///   - hosting: which workers live where.
    ///   - transport: adds up over the ranks of `hosting`.
    init(stepsPerEpoch: Int, hosting: Hosting, transport: any Transport) {
        self.stepsPerEpoch = stepsPerEpoch
        self.hosting = hosting
        self.transport = transport
    }

    /// Whether a step is recorded.
    ///
    /// - Parameter step: of the run, counted from 0.
    func isDue(_ step: Int) -> Bool {
        let stepOfEpoch = step % stepsPerEpoch
        return stepOfEpoch.isMultiple(of: Self.interval) || stepOfEpoch == stepsPerEpoch - 1
    }

    /// A forward pass begins.
    ///
    /// - Parameters:
    ///   - prefix: stands before the names of its layers.
    ///   - layout: whose images are where.
    func begin(_ prefix: String, _ layout: BatchLayout) {
        self.prefix = prefix
        self.layout = layout
    }

    /// A layer has made its output; if it is a norm, or stands for one, the moments of its input are taken.
    public func see(_ pass: LayerPass) {
        let layer: String
        switch pass.work {
        case .normalization: layer = prefix + pass.layer
        case .absentNormalization(let name): layer = prefix + name
        case .convolution, .pooling, .dense, .other: return
        }
        guard seen.insert(layer).inserted else { return }
        layers.append(WorkerMoments(of: pass.input, layer: layer, layout: layout))
    }

    /// The distances in the step that is done, in the order in which data went through the layers, the same on every rank;
    /// a collective.
    func finish() throws -> [LayerDistances] {
        defer {
            layers = []
            seen = []
        }
        // The same network on every rank.
        guard !layers.isEmpty else { return [] }
        let global = try globalStatistics()
        let distances = layers.enumerated().map { index, layer in
            hosting.hosted.indices.map { worker in
                layer.statistics(ofWorker: worker - hosting.hosted.lowerBound).map {
                    StatisticsDistance(of: $0, from: global[index])
                }
            }
        }
        return zip(layers, try gathered(distances)).map { layer, distances in
            LayerDistances(layer: layer.layer, channels: layer.channels, workers: distances)
        }
    }

    /// The statistics of each layer over the batches of all workers, from sums that do not depend on the order in which
    /// these are added; a collective.
    private func globalStatistics() throws -> [ChannelStatistics] {
        var totals = ExactTotals(counts: layers.count, values: layers.reduce(0) { $0 + 2 * $1.channels })
        var start = 0
        for (index, layer) in layers.enumerated() {
            let width = 2 * layer.channels
            for (worker, count) in layer.counts.enumerated() where count > 0 {
                totals.add(count, toCount: index)
                for value in 0..<width { totals.add(layer.sums[worker * width + value], toValue: start + value) }
            }
            start += width
        }
        try totals.reduce(over: transport, for: Self.purpose)
        start = 0
        return layers.enumerated().map { index, layer in
            defer { start += 2 * layer.channels }
            let sums = (start..<start + 2 * layer.channels).map { totals.value($0) }
            return ChannelStatistics(
                count: totals.count(index), sums: sums.prefix(layer.channels), squareSums: sums.suffix(layer.channels))
        }
    }

    /// The distances of the workers of all ranks; a collective.
    ///
    /// - Parameter hosted: of each layer and worker hosted here; nil for workers without images.
    /// - Returns: of each layer, those of the workers with images, in their order.
    private func gathered(_ hosted: [[StatisticsDistance?]]) throws -> [[StatisticsDistance]] {
        let width = StatisticsDistance.wordCount
        // Each rank fills in its own workers: a sum with zeros leaves every bit as it is.
        var message = Array(repeating: Int64(0), count: hosted.count * hosting.workers * width)
        for (layer, workers) in hosted.enumerated() {
            for (worker, distance) in zip(hosting.hosted, workers) {
                guard let distance else { continue }
                let start = (layer * hosting.workers + worker) * width
                message.replaceSubrange(start..<start + width, with: distance.words)
            }
        }
        try message.withUnsafeMutableBufferPointer { try transport.sum($0, for: Self.purpose) }
        return hosted.indices.map { layer in
            (0..<hosting.workers).compactMap { worker in
                let start = (layer * hosting.workers + worker) * width
                return StatisticsDistance(words: message[start..<start + width])
            }
        }
    }
}

extension StatisticsDistance {
    fileprivate static let wordCount = 5

    /// What goes from rank to rank: a one, and the fields.
    fileprivate var words: [Int64] {
        [
            1, Int64(means), Int64(variances), Int64(bitPattern: meanSquares.bitPattern),
            Int64(bitPattern: logarithms.bitPattern),
        ]
    }

    /// nil for zeros: what no rank has filled in.
    fileprivate init?(words: ArraySlice<Int64>) {
        let words = Array(words)
        guard words[0] == 1 else { return nil }
        means = Int(words[1])
        variances = Int(words[2])
        meanSquares = Double(bitPattern: UInt64(bitPattern: words[3]))
        logarithms = Double(bitPattern: UInt64(bitPattern: words[4]))
    }
}
