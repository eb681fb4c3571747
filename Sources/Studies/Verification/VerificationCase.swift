import Catalogues
import Datasets
import Models
import Normalization
import Settings
import Training
import Workers

/// One setting in which the ranks' run is held against that of one rank.
///
/// Small images make a quick check of every norm, group and kind of shards. How a convolution is computed follows from the
/// shape of its slices, though, and users train on larger images: so every network trains on those, too, in batches of a
/// single image up to several slices.
struct VerificationCase {
    /// How the images are divided among the workers.
    enum Shards: String, CaseIterable {
        case even, uneven, empty, sliced

        /// Images of each worker in a step.
        func counts(workers: Int) -> [Int] {
            (0..<workers).map { worker in
                switch self {
                case .even: 4
                case .uneven: 1 + worker * 3 % 5
                case .empty: worker % 2 == 1 ? 0 : 3 + worker % 3
                // From less than a slice to three whole ones: a call takes at most 8 images, or 16 for the gradient of
                // the weights.
                case .sliced: [1, 9, 17, 24][worker % 4]
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

    /// The learning rate: small where a deep network without a norm would diverge.
    var rate: Double { shards == .sliced ? 1e-4 : 0.05 }

    /// What is trained on.
    var images: DatasetSource {
        get throws { try Dataset.source(shards == .sliced ? Configuration().dataset.name : "digits") }
    }

    /// Every norm of the catalogue on every kind of shards of small images, batch norm over every kind of group; then every
    /// other network and optimiser, with synchronised batch norm on uneven shards; then every network with the norms of
    /// the usual comparison, on images of the usual size.
    static var all: [VerificationCase] {
        let (model, optimiser) = (Networks.catalogue[0].name, Optimisers.catalogue[0].name)
        let groups: [StatisticsGroup] = [.worker, .world, .workers(2), .ghost(2)]
        let norms = Norm.catalogue.map(\.name).flatMap { norm -> [(String, StatisticsGroup?)] in
            norm == "batch" ? groups.map { (norm, $0) } : [(norm, nil)]
        }
        let smallShards = Shards.allCases.filter { $0 != .sliced }
        let everyNorm = norms.flatMap { norm, statistics in
            smallShards.map {
                VerificationCase(norm: norm, model: model, optimiser: optimiser, statistics: statistics, shards: $0)
            }
        }
        func synchronised(_ model: String, _ optimiser: String) -> VerificationCase {
            VerificationCase(norm: "syncbn", model: model, optimiser: optimiser, statistics: nil, shards: .uneven)
        }
        let everyAlgorithm = Networks.catalogue.flatMap { network in
            Configuration().compare.norms.map { norm in
                VerificationCase(
                    norm: norm, model: network.name, optimiser: optimiser, statistics: nil, shards: .sliced)
            }
        }
        return everyNorm + Networks.catalogue.dropFirst().map { synchronised($0.name, optimiser) }
            + Optimisers.catalogue.dropFirst().map { synchronised(model, $0.name) } + everyAlgorithm
    }
}
