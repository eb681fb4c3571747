import Normalization

/// One setting in which the ranks' run is held against that of one rank.
struct VerificationCase {
    /// How the images are divided among the workers.
    enum Shards: String, CaseIterable {
        case even, uneven, empty

        /// Images of each worker in a step.
        func counts(workers: Int) -> [Int] {
            (0..<workers).map { worker in
                switch self {
                case .even: 4
                case .uneven: 1 + worker * 3 % 5
                case .empty: worker % 2 == 1 ? 0 : 3 + worker % 3
                }
            }
        }
    }

    let norm: Configuration.Norm
    /// For batch norm only.
    let statistics: StatisticsGroup?
    let shards: Shards

    /// What the table calls the norm.
    var name: String { statistics.map { "batch \($0)" } ?? norm.rawValue }

    /// Every normalisation on every kind of shards.
    static var all: [VerificationCase] {
        let batchNorms: [StatisticsGroup] = [.worker, .world, .workers(2), .ghost(2)]
        let others: [Configuration.Norm] = [.groupNorm, .layerNorm, .instanceNorm, .identity]
        let norms = batchNorms.map { (Configuration.Norm.batchNorm, Optional($0)) } + others.map { ($0, nil) }
        return norms.flatMap { norm, statistics in
            Shards.allCases.map { VerificationCase(norm: norm, statistics: statistics, shards: $0) }
        }
    }
}
