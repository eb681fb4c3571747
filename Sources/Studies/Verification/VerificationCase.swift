import Autograd
import Catalogues
import Models
import Normalization
import Training
import Workers

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

    let norm: String
    let model: String
    let optimiser: String
    /// For batch norms only.
    let statistics: StatisticsGroup?
    let shards: Shards

    /// What the table calls the setting.
    var name: String { statistics.map { "\(norm) \($0)" } ?? norm }

    /// Every norm of the catalogue on every kind of shards, batch norm over every kind of group; then every other network
    /// and optimiser, with synchronised batch norm on uneven shards.
    static var all: [VerificationCase] {
        let (model, optimiser) = (Networks.catalogue[0].name, Optimisers.catalogue[0].name)
        let groups: [StatisticsGroup] = [.worker, .world, .workers(2), .ghost(2)]
        let norms = Norm.catalogue.map(\.name).flatMap { norm -> [(String, StatisticsGroup?)] in
            norm == "batch" ? groups.map { (norm, $0) } : [(norm, nil)]
        }
        let everyNorm = norms.flatMap { norm, statistics in
            Shards.allCases.map {
                VerificationCase(norm: norm, model: model, optimiser: optimiser, statistics: statistics, shards: $0)
            }
        }
        func synchronised(_ model: String, _ optimiser: String) -> VerificationCase {
            VerificationCase(norm: "syncbn", model: model, optimiser: optimiser, statistics: nil, shards: .uneven)
        }
        return everyNorm + Networks.catalogue.dropFirst().map { synchronised($0.name, optimiser) }
            + Optimisers.catalogue.dropFirst().map { synchronised(model, $0.name) }
    }
}
