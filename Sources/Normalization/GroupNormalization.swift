import Autograd
import Kernels

/// Normalisation over the pixels and a group of channels of each image, with per-channel γ and β (Wu and He 2018,
/// equations 1 to 7). No statistics cross images, so workers never talk.
///
/// One group of all channels is layer normalisation, a group for each channel is instance normalisation.
public final class GroupNormalization: NormalizationLayer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Channels of the input.
    public let channels: Int
    /// Groups that the channels are divided into.
    public let groups: Int
    /// ε, added to the variance.
    public let epsilon: Double
    /// γ, channels; nil without affine part.
    public let gamma: Tensor?
    /// β, channels; nil without affine part.
    public let beta: Tensor?
    private let zeroPivot: Tensor

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameter groups: divides `channels`.
    public init(name: String, channels: Int, groups: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        precondition(groups >= 1 && channels % groups == 0, "\(groups) groups do not divide \(channels) channels")
        self.name = name
        self.channels = channels
        self.groups = groups
        self.epsilon = epsilon
        gamma = affine ? Tensor(Array(repeating: 1, count: channels), shape: [channels], needsGradient: true) : nil
        beta = affine ? Tensor(Array(repeating: 0, count: channels), shape: [channels], needsGradient: true) : nil
        zeroPivot = Tensor(Array(repeating: 0, count: channels), shape: [1, channels])
    }

    /// Layer normalisation over channels and pixels of each image (Ba, Kiros and Hinton 2016).
    public static func layer(
        name: String, channels: Int, epsilon: Double = 1e-5, affine: Bool = true
    ) -> GroupNormalization {
        GroupNormalization(name: name, channels: channels, groups: 1, epsilon: epsilon, affine: affine)
    }

    /// Instance normalisation over the pixels of each image and channel (Ulyanov, Vedaldi and Lempitsky 2016).
    public static func instance(
        name: String, channels: Int, epsilon: Double = 1e-5, affine: Bool = true
    ) -> GroupNormalization {
        GroupNormalization(name: name, channels: channels, groups: channels, epsilon: epsilon, affine: affine)
    }

    /// A collector with a cell for each image, in every mode.
    public func collector(for shape: [Int], mode: NormalizationMode, on tape: Tape) -> MomentCollector? {
        requireImages(shape, channels: channels)
        let images = shape[0]
        return MomentCollector(
            cells: (0..<images).map { $0..<$0 + 1 }, shape: shape, pivots: zeroPivot,
            pivotRows: Array(repeating: 0, count: images))
    }

    /// activation(γ(x−μ)/√(σ²+ε) + β), the same in every mode.
    public func normalize(
        _ x: Tensor, moments: MomentCollector?, activation: Activation, mode: NormalizationMode, on tape: Tape
    ) throws -> Tensor {
        guard let moments else { return try self(x, activation: activation, mode: mode, on: tape) }
        let statistics = statistics(from: moments)
        let needsGradient = x.needsGradient || gamma?.needsGradient ?? false
        let y = try statistics.normalize(x, activation: activation, needsGradient: needsGradient)
        let layout = tape.layout
        tape.record("\(name) (group normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("group normalisation")
            let sums = try statistics.gradientMoments(upstream, at: x, activation: activation)
            correctForCenter(sums, statistics)
            try addParameterGradients(sums, statistics, layout, flow)
            guard x.needsGradient else { return }
            let rows = gradientRows(sums, statistics)
            try statistics.addInputGradient(upstream, at: x, activation: activation, rows: rows, flow)
        }
        return y
    }

    private var channelsPerGroup: Int { channels / groups }

    private func statistics(from moments: MomentCollector) -> NormalizedRows {
        let images = moments.cells.count
        let values = moments.pixelsPerImage * channelsPerGroup
        let statistics = NormalizedRows(
            rows: images, channels: channels, cells: moments.cells, rowOfCell: Array(0..<images),
            counts: Array(repeating: values, count: images))
        for image in 0..<images {
            let sums = moments.sum(ofCell: image)
            for group in 0..<groups {
                let members = group * channelsPerGroup..<(group + 1) * channelsPerGroup
                let mean = members.reduce(0.0) { $0 + sums[$1] } / Double(values)
                let square = members.reduce(0.0) { $0 + sums[channels + $1] } / Double(values)
                let variance = square - mean * mean
                let inverse = 1 / ((variance < 0 ? 0 : variance) + epsilon).squareRoot()
                for channel in members {
                    statistics.set(
                        row: image, channel: channel, mean: mean, inverseDeviation: inverse, gamma: gamma, beta: beta)
                }
            }
        }
        return statistics
    }

    private func gradientRows(_ sums: Buffer, _ statistics: NormalizedRows) -> GradientRows {
        let rows = GradientRows(rows: statistics.cells.count, channels: channels)
        for image in 0..<statistics.cells.count {
            let gradientSum = sums.doubles + image * 2 * channels
            let count = Double(statistics.counts[image])
            for group in 0..<groups {
                let members = group * channelsPerGroup..<(group + 1) * channelsPerGroup
                let gradientMean = members.reduce(0.0) { $0 + gammaValue($1) * gradientSum[$1] } / count
                let productMean = members.reduce(0.0) { $0 + gammaValue($1) * gradientSum[channels + $1] } / count
                for channel in members {
                    rows.set(
                        row: image, channel: channel, gamma: gammaValue(channel), gradientMean: gradientMean,
                        productMean: productMean, in: statistics)
                }
            }
        }
        return rows
    }

    private func gammaValue(_ channel: Int) -> Double { Double(gamma?.pointer[channel] ?? 1) }
}
