import Catalogues

/// What can be done to an image each time that it is trained on.
public enum Augmentation: Hashable, Sendable {
    /// A window of its size at a random place of the image with so many black pixels around it.
    case crop(padding: Int)
    /// Left and right are exchanged in one of two cases.
    case flip
}

extension Augmentation: RawRepresentable, Codable {
    /// Reads the text that `rawValue` writes; nil when it is none of the two. The number is not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? DecimalText.whole(parts[1]) : nil, parts.count) {
        case ("crop", let padding?, 2): self = .crop(padding: padding)
        case ("flip", _, 1): self = .flip
        default: return nil
        }
    }

    /// `crop:n` or `flip`.
    public var rawValue: String {
        switch self {
        case .crop(let padding): "crop:\(padding)"
        case .flip: "flip"
        }
    }

    /// Whether two of them do the same, to another extent at most.
    public func isOfOneKind(with other: Augmentation) -> Bool {
        switch (self, other) {
        case (.crop, .crop), (.flip, .flip): true
        case (.crop, _), (.flip, _): false
        }
    }

    /// What does it.
    public var transformation: any ImageTransformation {
        switch self {
        case .crop(let padding): PaddedCrop(padding: padding)
        case .flip: HorizontalFlip()
        }
    }
}
