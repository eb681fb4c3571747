import Catalogues
import Datasets
import Files
import Models
import Reports
import Settings
import Training
import Workers

/// What happens between the options and the first step.
extension Session {
    /// The checked configuration and its images.
    ///
    /// - Parameter firstKeepsAll: whether the first rank keeps all images, to run alone with them.
    package func prepare(
        _ draft: ConfigurationDraft, for command: Configuration.Command, firstKeepsAll: Bool = false
    ) throws -> (configuration: Configuration, dataset: Dataset) {
        let checked = try validated(draft, for: command)
        let (dataset, used) = try loadDataset(
            checked, nameIsDefault: draft.place(of: "dataset.name") == .builtIn,
            countIsDefault: draft.place(of: "dataset.trainImages") == .builtIn, firstKeepsAll: firstKeepsAll)
        return (try withInitialWeights(used), dataset)
    }

    /// The configuration of a draft, checked, and the same on all ranks.
    package func validated(
        _ draft: ConfigurationDraft, for command: Configuration.Command
    ) throws -> Configuration {
        let checked = try agree { try draft.validatedForNetwork(command, ranks: communicator.size) }
        try requireSame(
            checked.yaml(),
            orFailWith: "the configuration differs from that of rank 0: give all hosts the same options and file.")
        try choose(checked.instructionSet)
        return checked
    }

    /// What was trained on what.
    package func heading(_ configuration: Configuration, _ dataset: Dataset) -> String {
        let workers = configuration.workerCount(ranks: communicator.size)
        let heldOut = dataset.validation.map { ", \($0.count) validation" } ?? ""
        return """
            \(dataset.name): \(dataset.train.count) training\(heldOut) and \(dataset.test.count) test images, \
            \(counted(configuration.training.epochs, "epoch"))
            \(counted(workers, "worker")) of batch \(configuration.training.batch) on \
            \(counted(communicator.size, "rank")), \
            seed \(configuration.seed)

            """
    }
}

extension ConfigurationDraft {
    /// The configuration, once no value contradicts another, and a network can be made of it with each norm that the
    /// command trains.
    package func validatedForNetwork(_ command: Configuration.Command, ranks: Int) throws -> Configuration {
        let checked = try validated(for: command, ranks: ranks)
        for norm in checked.norms(of: command) {
            do {
                let plan = RunPlan(checked, norm: norm, ranks: ranks)
                try plan.requireInitialWeights()
                try plan.requireNetwork()
            } catch let error as UnusableSetting {
                throw refusal(of: error.key, value: error.value, requirement: error.requirement)
            }
        }
        return checked
    }
}

extension RunPlan {
    /// A norm with constant statistics has none without a file.
    fileprivate func requireInitialWeights() throws {
        guard try settings.norm().needsInitialWeights, configuration.model.initialWeights == nil else { return }
        throw UnusableSetting(
            key: "model.initialWeights", value: "",
            requirement: "a file of weights with running statistics, since the norm '\(norm)' has none of its own")
    }

    /// Makes the network for images as they are published, and forgets it.
    fileprivate func requireNetwork() throws {
        let source = try Dataset.source(configuration.dataset.name)
        _ = try configuration.taskType.network(
            settings, images: source.imageShape, classes: source.classes, hosting: Hosting(workers: workers),
            sums: ExactSums())
    }
}

extension Configuration {
    /// The configuration with the paths of its files as they are from any folder: a run may be resumed from another.
    package func withAbsolutePaths() -> Configuration {
        var absolute = self
        absolute.dataset.directory = dataset.directory.map(absolutePath)
        absolute.model.initialWeights = model.initialWeights.map(absolutePath)
        return absolute
    }

    /// The configuration as it is written to a run folder, nothing left open.
    package func resolved(ranks: Int) -> Configuration {
        var resolved = self
        resolved.workers = workerCount(ranks: ranks)
        return resolved
    }
}
