import Catalogues
import Workers

/// The batch norms of the catalogue: they differ in the group that shares statistics.
extension BatchNormalization {
    static let perWorker = Definition<NormSettings, Norm>("bn", "batch norm over each worker's own batch") {
        norm($0, over: $0.statistics ?? .worker)
    }

    static let synchronized = Definition<NormSettings, Norm>("syncbn", "batch norm over the global batch") {
        norm($0, over: .world)
    }

    static let overAnyGroup = Definition<NormSettings, Norm>(
        "batch", "batch norm over the group that normalization.statistics names"
    ) { settings in
        guard let group = settings.statistics else {
            throw UnusableSetting(
                key: "normalization.statistics", value: "",
                requirement: "ghost:n, worker, workers:k or world, since the norm 'batch' has no group of its own")
        }
        return norm(settings, over: group)
    }

    private static func norm(_ settings: NormSettings, over group: StatisticsGroup) -> Norm {
        Norm(statistics: group.rawValue) { name, channels, hosting, sums in
            BatchNormalization(
                name: name, channels: channels, options: Options(settings, over: group), hosting: hosting, sums: sums)
        }
    }
}

extension BatchNormalization.Options {
    /// The options that a configuration's settings give.
    init(_ settings: NormSettings, over group: StatisticsGroup) {
        self.init(
            statistics: group, epsilon: settings.epsilon, momentum: settings.momentum, affine: settings.affine,
            biased: settings.biased)
    }
}
