import Catalogues
import Normalization
import OneDNN
import Training
import Workers
import Yams

/// A value written as one text: one of a few names, or a name with a size.
public protocol NamedValue: KeyValue, RawRepresentable where RawValue == String {}

extension NamedValue {
    /// Only heard of where there are no choices.
    public static var kind: String { "a name" }
    /// Written without quotes.
    public var node: Node { Node(rawValue) }
}

/// One of a few names that the program distinguishes by itself, each with what it means in one line.
public protocol ClosedChoice: NamedValue, CaseIterable {
    /// One line for help and for the comments of a file.
    var summary: String { get }
}

extension ClosedChoice {
    /// All of them.
    public static var choices: [Choice] { allCases.map { ($0.rawValue, $0.summary) } }
}

/// The vector instructions that oneDNN computes with.
public enum InstructionSetChoice: String, ClosedChoice {
    /// The best that the CPU has; all hosts of a run need the same.
    case native
    /// AVX2 with FMA.
    case avx2
    /// AVX-512 F, CD, BW, VL and DQ.
    case avx512

    /// One line.
    public var summary: String {
        switch self {
        case .native: "the best that the CPU has; all hosts of a run need the same"
        case .avx2: "AVX2 with FMA"
        case .avx512: "AVX-512 F, CD, BW, VL and DQ"
        }
    }
}

extension ReductionChoice: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .exact: "as integers: the same bits on any number of ranks"
        case .float: "by MPI's own sums: fewer bytes, but the last bits depend on the number of ranks"
        }
    }
}

extension LastBatch: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .use: "it is a step as any other"
        case .drop: "it is left out unless every worker has a whole batch"
        case .scale: "its rate is multiplied by its share of the images of a whole step"
        }
    }
}

extension ShardChoice: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .fixed: "the same ones in every epoch"
        case .reshuffled: "all images are divided anew in every epoch, as PyTorch's DistributedSampler does"
        }
    }
}

extension DecayChoice: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .all: "all, as in PyTorch unless it is told otherwise"
        case .weights: "those of convolutions and dense layers, but no biases, and no γ and β"
        }
    }
}

extension ConvolutionChoice: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .fastest:
            "Winograd's algorithm where it pays (3×3, AVX-512), with two to four times the rounding error of direct sums"
        case .direct: "sums of products alone"
        }
    }
}

extension EvaluationStatistics: ClosedChoice {
    /// One line.
    public var summary: String {
        switch self {
        case .pooled:
            "of all workers: the mean of the means; the mean of the variances plus the variance of the means"
        case .worker0: "of the first worker, as data-parallel training in PyTorch does"
        case .precise: "computed anew over training images with the final weights, in batches as in training"
        case .layerwise: "computed anew over training images with the final weights, layer by layer"
        case .batch: "of each batch of test images itself"
        }
    }
}

extension StatisticsGroup: NamedValue {
    /// The four forms; `n` and `k` stand for whole numbers.
    public static var choices: [Choice] {
        [
            ("ghost:n", "n samples of a worker's batch"),
            ("worker", "a worker's batch: per-GPU batch norm"),
            ("workers:k", "the batches of k neighbouring workers: a node"),
            ("world", "the global batch: synchronised batch norm"),
        ]
    }
}

extension RunningMomentum: NamedValue {
    /// The range of the number stands after it.
    public static var kind: String { "a number" }

    /// The name, or the number's shortest text.
    public var node: Node {
        switch self {
        case .exponential(let momentum): momentum.node
        case .cumulative: Node(rawValue)
        }
    }

    /// The name, or a decimal number.
    public static func value(of node: Node) -> RunningMomentum? {
        node.scalar.flatMap { RunningMomentum(rawValue: $0.string) }
    }

    /// Whether the momentum is in the key's range; `cumulative` has none.
    public func fits(_ key: KeyDeclaration) -> Bool {
        guard case .exponential(let momentum) = self else { return true }
        return momentum.fits(key)
    }

    /// A number in the key's range, or the one name.
    public static func expectation(of key: KeyDeclaration) -> String {
        kind + key.range + " or 'cumulative'"
    }
}
