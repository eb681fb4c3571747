import Catalogues
import Datasets
import Yams

/// A value written as one of a few names, of which some have a number behind a colon. The key declares the number's range.
public protocol NumberedName: NamedValue {
    /// What the number is, as it reads after "with".
    static var numberKind: String { get }
    /// The number behind the colon; nil for a name without one.
    var number: Double? { get }
}

extension NumberedName {
    /// Whether the number is in the key's range; a name without one always fits.
    public func fits(_ key: KeyDeclaration) -> Bool { number?.fits(key) ?? true }

    /// One of the names, with a number in the key's range.
    public static func expectation(of key: KeyDeclaration) -> String {
        "one of \(choices.map(\.name).joined(separator: ", ")), with \(numberKind)\(key.range)"
    }
}

extension ShardDivision: NumberedName {
    /// A concentration.
    public static var numberKind: String { "a number a" }

    /// The concentration.
    public var number: Double? { if case .dirichlet(let concentration) = self { concentration } else { nil } }

    /// The three forms.
    public static var choices: [Choice] {
        [
            ("iid", "at random: every shard is a fair sample"),
            (
                "dirichlet:a",
                "by shares of the classes that each worker draws from a Dirichlet distribution of concentration a: "
                    + "the smaller, the more unlike"
            ),
            ("sorted", "sorted by class and cut into blocks"),
        ]
    }
}

extension BatchMixture: NumberedName {
    /// A number of classes.
    public static var numberKind: String { "a whole number k" }

    /// The number of classes.
    public var number: Double? { if case .coherent(let classes) = self { Double(classes) } else { nil } }

    /// The two forms.
    public static var choices: [Choice] {
        [
            ("mixed", "any, at random"),
            ("coherent:k", "those of at most k classes, others from batch to batch"),
        ]
    }
}

extension Augmentation: NumberedName {
    /// A number of pixels.
    public static var numberKind: String { "a whole number n" }

    /// The number of pixels.
    public var number: Double? { if case .crop(let padding) = self { Double(padding) } else { nil } }

    /// The two forms.
    public static var choices: [Choice] {
        [
            ("crop:n", "a window of the image's size at a random place of the image with n black pixels around it"),
            ("flip", "left and right are exchanged, in one of two cases"),
        ]
    }
}

extension PixelForm: NumberedName {
    /// A factor.
    public static var numberKind: String { "a number n" }

    /// The factor.
    public var number: Double? { if case .ranges(let largest) = self { largest } else { nil } }

    /// The three forms.
    public static var choices: [Choice] {
        [
            ("standardised", "mean 0 and deviation 1 over the training images, for each channel"),
            ("unit", "from 0 to 1"),
            ("ranges:n", "from 0 to 1 in the first and every other column, from 0 to n in those between"),
        ]
    }
}

extension TrainingPart: NamedValue {
    /// A number of a number.
    public static var kind: String { "k/n with whole numbers k from 1 to n, such as 1/2" }
}
