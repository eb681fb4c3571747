import Catalogues

/// In which range a network meets the bytes of pixels.
public enum PixelForm: Hashable, Sendable {
    /// Minus the mean and divided by the deviation of their channel over the training images.
    case standardised
    /// From 0 to 1.
    case unit
    /// From 0 to 1 in the first and every other column, and from 0 to this in those between: features of different ranges
    /// side by side.
    case ranges(Double)
}

extension PixelForm: RawRepresentable, Codable {
    /// Reads the text that `rawValue` writes; nil when it is none of the three. The range of the number is not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? DecimalText.number(parts[1]) : nil, parts.count) {
        case ("standardised", _, 1): self = .standardised
        case ("unit", _, 1): self = .unit
        case ("ranges", let largest?, 2): self = .ranges(largest)
        default: return nil
        }
    }

    /// `standardised`, `unit` or `ranges:n`.
    public var rawValue: String {
        switch self {
        case .standardised: "standardised"
        case .unit: "unit"
        case .ranges(let largest): "ranges:\(DecimalText.shortest(largest))"
        }
    }
}

extension Dataset {
    /// The same images, whose pixels networks meet in another form; needs all images of `train`.
    public func withPixels(_ form: PixelForm) -> Dataset {
        Dataset(
            name: name, train: train, validation: validation, test: test,
            normalization: PixelNormalization(of: train, form))
    }
}
