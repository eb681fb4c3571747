import Normalization

/// The normalisation that a network puts behind its convolutions.
public enum NormalizationChoice: Hashable, Sendable {
    /// Batch norm with statistics over any group of samples.
    case batch(BatchNormalization.Options)
    /// Group norm with so many groups.
    case group(groups: Int, epsilon: Double, affine: Bool)
    /// Layer norm over channels and pixels.
    case layer(epsilon: Double, affine: Bool)
    /// Instance norm.
    case instance(epsilon: Double, affine: Bool)
    /// No normalisation.
    case none

    /// The layer; nil for none.
    ///
    /// - Parameters:
    ///   - hosting: which workers live where.
    ///   - reducer: adds up statistics over the ranks of `hosting`.
    func layer(
        name: String, channels: Int, hosting: Hosting, reducer: any StatisticsReducer
    ) -> (any NormalizationLayer)? {
        switch self {
        case .batch(let options):
            BatchNormalization(name: name, channels: channels, options: options, hosting: hosting, reducer: reducer)
        case .group(let groups, let epsilon, let affine):
            GroupNormalization(name: name, channels: channels, groups: groups, epsilon: epsilon, affine: affine)
        case .layer(let epsilon, let affine):
            GroupNormalization.layer(name: name, channels: channels, epsilon: epsilon, affine: affine)
        case .instance(let epsilon, let affine):
            GroupNormalization.instance(name: name, channels: channels, epsilon: epsilon, affine: affine)
        case .none: nil
        }
    }
}
