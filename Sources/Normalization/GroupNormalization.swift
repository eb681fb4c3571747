import Autograd
import Catalogues
import Kernels
import Workers

/// Normalisation over the pixels and a group of channels of each image, with per-channel γ and β (Wu and He 2018,
/// equations 1 to 7). No statistics cross images, so workers never talk.
///
/// One group of all channels is layer normalisation (Ba, Kiros and Hinton 2016), a group for each channel is instance
/// normalisation (Ulyanov, Vedaldi and Lempitsky 2016).
public final class GroupNormalization: NormalizationLayer {
    /// What the layer is called in messages and files.
    public let name: String
    /// Channels of the input.
    public let channels: Int
    /// Groups that the channels are divided into.
    public let groups: Int
    /// ε, added to the variance.
    public let epsilon: Double
    /// γ and β.
    public let affine: Affine

    /// γ begins as ones, β as zeros.
    ///
    /// - Parameters:
    ///   - name: what the layer is called in messages and files.
    ///   - channels: of the input.
    ///   - groups: divides `channels`.
    ///   - epsilon: ε, added to the variance.
    ///   - affine: whether there are γ and β.
    public init(name: String, channels: Int, groups: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        precondition(groups >= 1 && channels % groups == 0, "\(groups) groups do not divide \(channels) channels")
        self.name = name
        self.channels = channels
        self.groups = groups
        self.epsilon = epsilon
        self.affine = Affine(channels: channels, hasGamma: affine, hasBeta: affine)
    }

    /// Of each image and group, all alike.
    public func valueCounts(ofBatches batches: [Int], pixels: Int) -> [Int] { [pixels * channelsPerGroup] }

    /// Sums with a cell for each image, in every mode.
    public func moments(for shape: [Int], _ context: ForwardContext) -> CellMoments? { momentsOfEachImage(shape) }

    /// activation(γ(x−μ)/√(σ²+ε) + β), the same in every mode.
    public func normalize(
        _ x: Tensor, _ moments: CellMoments?, activation: Activation, _ context: ForwardContext
    ) throws -> Tensor {
        guard let moments else { preconditionFailure("\(name): no moments") }
        let values = moments.pixelsPerImage * channelsPerGroup
        let statistics = StatisticsRows(
            moments.grouping, channels: channels, counts: moments.grouping.cells.map { _ in values })
        for image in moments.grouping.cells.indices {
            let sums = moments.sum(ofCell: image)
            for members in channelGroups {
                // μ and σ² over the pixels and the channels of the group.
                let mean = members.reduce(0.0) { $0 + sums[$1] } / Double(values)
                let square = members.reduce(0.0) { $0 + sums[channels + $1] } / Double(values)
                let variance = square - mean * mean
                let inverse = 1 / ((variance < 0 ? 0 : variance) + epsilon).squareRoot()
                for channel in members {
                    statistics.set(row: image, channel: channel, mean: mean, inverseDeviation: inverse, affine)
                }
            }
        }
        let y = try statistics.normalize(
            x, activation: activation, needsGradient: x.needsGradient || affine.needsGradient)
        let layout = context.tape.layout
        context.tape.record("\(name) (group normalisation)", output: y) { [self] upstream, flow in
            try flow.requireFirstOrder("group normalisation")
            // A = Σg and B = Σg(x−μ) of each image and channel.
            let sums = try statistics.gradientMoments(upstream, at: x, activation: activation)
            try statistics.addParameterGradients(sums, affine, layout, flow)
            guard x.needsGradient else { return }
            let means = gradientMeans(sums, counts: statistics.counts)
            try statistics.addInputGradient(upstream, at: x, activation: activation, affine, flow) { image, channel in
                means[image * groups + channel / channelsPerGroup]
            }
        }
        return y
    }

    private var channelsPerGroup: Int { channels / groups }

    private var channelGroups: [Range<Int>] {
        (0..<groups).map { $0 * channelsPerGroup..<($0 + 1) * channelsPerGroup }
    }

    /// ΣγA/N and ΣγB/N over the channels of each group: images × groups.
    private func gradientMeans(_ sums: Buffer, counts: [Int]) -> [(a: Double, b: Double)] {
        counts.enumerated().flatMap { image, count in
            let imageSums = sums.doubles + image * 2 * channels
            return channelGroups.map { members in
                (
                    members.reduce(0.0) { $0 + affine.scale($1) * imageSums[$1] } / Double(count),
                    members.reduce(0.0) { $0 + affine.scale($1) * imageSums[channels + $1] } / Double(count)
                )
            }
        }
    }
}

extension GroupNormalization {
    static let group = Definition<NormSettings, Norm>("gn", "group norm: groups of channels of each image") {
        settings in
        norm(settings) { channels in
            if let size = settings.channelsPerGroup {
                guard channels.isMultiple(of: size) else {
                    throw UnusableSetting(
                        key: "normalization.channelsPerGroup", value: "\(size)",
                        requirement: "a divisor of the channels of every layer, and there is one of \(channels)")
                }
                return channels / size
            }
            guard channels.isMultiple(of: settings.groups) else {
                throw UnusableSetting(
                    key: "normalization.groups", value: "\(settings.groups)",
                    requirement: "a divisor of the channels of every layer, and there is one of \(channels)")
            }
            return settings.groups
        }
    }

    static let layer = Definition<NormSettings, Norm>("ln", "layer norm: all channels of each image") {
        norm($0) { _ in 1 }
    }

    static let instance = Definition<NormSettings, Norm>("in", "instance norm: each channel of each image") {
        norm($0) { $0 }
    }

    /// - Parameter groups: of a number of channels.
    private static func norm(_ settings: NormSettings, groups: @escaping @Sendable (Int) throws -> Int) -> Norm {
        Norm(statistics: "sample") { name, channels, _, _ in
            GroupNormalization(
                name: name, channels: channels, groups: try groups(channels), epsilon: settings.epsilon,
                affine: settings.affine)
        }
    }
}
