import Datasets
import Foundation
import Models
import Normalization
import Training

extension Session {
    /// Trains the one variant of a configuration.
    ///
    /// - Parameters:
    ///   - output: the folder to write; nil for one named after the moment.
    ///   - profile: whether to tell where the time goes.
    public func train(_ draft: ConfigurationDraft, output: String?, quiet: Bool, profile: Bool = false) throws {
        let profiling = profile ? Profiling(communicator) : nil
        let (checked, dataset) = try prepare(draft, for: .train)
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let folder = RunFolder(path: output ?? RunFolder.defaultPath(command: "train"))
        let result = try filling(folder) {
            try run(
                plan, dataset: dataset, command: "train", folder: folder,
                progress: Progress(isShown: isFirst && !quiet), profiling: profiling)
        }
        guard isFirst else { return }
        print(heading(checked, dataset))
        print(ComparisonTable(results: [result]))
        for table in profiling?.tables ?? [] { print("\n\(table)") }
        print("\nWritten to \(folder.path).")
    }

    /// Loads the weights of a finished run and evaluates them again.
    ///
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - statistics: which statistics to evaluate with; nil for those of the run.
    ///   - data: where the data set's files are; nil for where they were.
    ///   - instructionSet: what oneDNN computes with; nil for what the run's configuration says.
    public func evaluate(
        _ path: String, statistics: String?, data: String?, instructionSet: String?
    ) throws {
        let folder = RunFolder(path: path)
        let (draft, result) = try agree {
            let result = try folder.result()
            guard result.workers >= communicator.size else {
                throw RunFolderError.tooManyRanks(path: path, workers: result.workers, ranks: communicator.size)
            }
            var draft = try ConfigurationDraft(path: folder.configurationPath)
            if let statistics { try draft.set("evaluation.statistics", to: statistics, option: "--evaluate") }
            return (try draft.moved(data: data, instructionSet: instructionSet), result)
        }
        let checked = try validated(draft, for: .train)
        let dataset = try loadDataset(checked, nameIsDefault: false, countIsDefault: false).dataset
        let plan = RunPlan(checked, norm: checked.normalization.norm, ranks: communicator.size)
        let hosting = Hosting(workers: plan.workers, ranks: communicator.size, rank: communicator.rank)
        let sums = plan.sums(over: communicator)
        let network = try plan.network(for: dataset, hosting: hosting, reducer: sums)
        let state = try agree {
            let state = try NetworkState(contentsOf: folder.weightsPath)
            try state.restore(network)
            if state.digest != result.weightsSHA256 { throw RunFolderError.otherWeights(path: folder.weightsPath) }
            return state
        }
        try requireSame(state, of: path)
        let test = try evaluator(plan, dataset, sums).evaluate(
            network, statistics: checked.evaluation.statistics, workers: plan.workers)
        guard isFirst else { return }
        print(
            String(
                format: "%@ (%@), statistics %@: test error %.2f%% (%d of %d images), loss %.4f", path,
                plan.norm.rawValue, checked.evaluation.statistics.rawValue, test.errorPercent, test.errors, test.images,
                test.loss))
        print(String(format: "At the end of training it was %.2f%%.", result.testErrorPercent))
    }

    /// The checked configuration and its images.
    func prepare(
        _ draft: ConfigurationDraft, for command: Configuration.Command
    ) throws -> (configuration: Configuration, dataset: Dataset) {
        let checked = try validated(draft, for: command)
        let (dataset, used) = try loadDataset(
            checked, nameIsDefault: draft.place(of: "dataset.name") == .builtIn,
            countIsDefault: draft.place(of: "dataset.trainImages") == .builtIn)
        return (try withInitialWeights(used), dataset)
    }

    /// The configuration of a draft, checked, and the same on all ranks.
    func validated(
        _ draft: ConfigurationDraft, for command: Configuration.Command
    ) throws -> Configuration {
        let checked = try agree {
            try draft.validated(for: command, ranks: communicator.size, channels: ConvolutionalNetwork.channels)
        }
        try requireSame(
            checked.yaml(),
            orFailWith: "the configuration differs from that of rank 0: give all hosts the same options and file.")
        try choose(checked.instructionSet)
        return checked
    }

    /// What was trained on what.
    func heading(_ configuration: Configuration, _ dataset: Dataset) -> String {
        let workers = configuration.workerCount(ranks: communicator.size)
        return """
            \(dataset.name): \(dataset.train.count) training and \(dataset.test.count) test images, \
            \(counted(configuration.training.epochs, "epoch"))
            \(counted(workers, "worker")) of batch \(configuration.training.batch) on \
            \(counted(communicator.size, "rank")), \
            seed \(configuration.seed)

            """
    }
}

extension Configuration {
    /// The configuration as it is written to a run folder, nothing left open.
    func resolved(ranks: Int) -> Configuration {
        var resolved = self
        resolved.workers = workerCount(ranks: ranks)
        return resolved
    }
}
