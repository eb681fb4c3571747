import Catalogues
import Kernels

/// How images are divided among workers. Whatever it is, the shards differ in size by one image at most, so that only the
/// classes in them can make a difference. Images that are divided anew in every epoch are so in the same way, with shares
/// that are drawn anew too.
public enum ShardDivision: Hashable, Sendable {
    /// At random: every shard is a fair sample of the data.
    case iid
    /// By shares of the classes that each worker draws from the symmetric Dirichlet distribution of this concentration
    /// (Hsu, Qi and Brown 2019, section 3, whose workers have equally many images too).
    case dirichlet(Double)
    /// Sorted by class and cut into blocks, the extreme case (Hsieh et al. 2019, section 3).
    case sorted
}

extension ShardDivision: RawRepresentable, Codable {
    /// Reads the text that `rawValue` writes; nil when it is none of the three. The range of the number is not checked.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? DecimalText.number(parts[1]) : nil, parts.count) {
        case ("iid", _, 1): self = .iid
        case ("dirichlet", let concentration?, 2): self = .dirichlet(concentration)
        case ("sorted", _, 1): self = .sorted
        default: return nil
        }
    }

    /// `iid`, `dirichlet:a` or `sorted`.
    public var rawValue: String {
        switch self {
        case .iid: "iid"
        case .dirichlet(let concentration): "dirichlet:\(DecimalText.shortest(concentration))"
        case .sorted: "sorted"
        }
    }
}

extension ShardDivision {
    /// The images in an order that is to be cut into blocks, the shards.
    ///
    /// - Parameters:
    ///   - permutation: of all images, a random one.
    ///   - labels: of all images.
    ///   - sizes: of the shards.
    ///   - generator: for what is random beside the permutation.
    func order(of permutation: [Int], labels: [UInt8], sizes: [Int], generator: inout SeededGenerator) -> [Int] {
        switch self {
        case .iid:
            return permutation
        case .sorted:
            return ImageClasses(permutation, labels: labels).images.flatMap { $0 }
        case .dirichlet(let concentration):
            return dirichletOrder(
                ImageClasses(permutation, labels: labels), sizes: sizes, concentration: concentration, &generator)
        }
    }

    /// Each worker in turn takes an image of a class that it draws by its shares, those of the classes that are used up
    /// being divided among the others, until there are none left.
    private func dirichletOrder(
        _ classes: ImageClasses, sizes: [Int], concentration: Double, _ generator: inout SeededGenerator
    ) -> [Int] {
        var left = classes
        var shards = sizes.map { _ in [Int]() }
        // Gamma variates divided by their sum are a draw of the Dirichlet distribution.
        let logarithms = sizes.map { _ in
            left.images.map { _ in generator.nextLogarithmOfGamma(shape: concentration) }
        }
        var shares = logarithms.map { relativeShares($0, of: left.present) }
        for round in 0..<(sizes.max() ?? 0) {
            for worker in sizes.indices where sizes[worker] > round {
                let label = generator.nextIndex(weights: shares[worker])
                shards[worker].append(left.removeLast(ofClass: label))
                if left.images[label].isEmpty { shares = logarithms.map { relativeShares($0, of: left.present) } }
            }
        }
        return shards.flatMap { $0 }
    }

    /// Shares whose largest is 1 from their logarithms; 0 for classes that are not among `present`. However small all of
    /// these are, none of them is lost beside those that are no longer there.
    private func relativeShares(_ logarithms: [Double], of present: [Int]) -> [Double] {
        let largest = present.map { logarithms[$0] }.max() ?? 0
        var shares = logarithms.map { _ in 0.0 }
        for label in present { shares[label] = exponential(ofNonPositive: logarithms[label] - largest) }
        return shares
    }
}
