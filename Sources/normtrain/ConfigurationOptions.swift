import ArgumentParser
import Experiments

/// The options that decide a run; each stands for a key of the configuration.
///
/// Their values are taken as text, so that a wrong one is refused in the same words wherever it comes from.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A configuration file (YAML).", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("digits, fashion-mnist, mnist or cifar10.", valueName: "name"))
    var dataset: String?

    @Option(help: ArgumentHelp("The folder with the data set's files.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("How many training images to use, the first ones.", valueName: "count"))
    var trainImages: String?

    @Option(help: ArgumentHelp("Logical devices; as many as ranks when left out.", valueName: "count"))
    var workers: String?

    @Option(help: ArgumentHelp("Images per worker and step.", valueName: "images"))
    var batch: String?

    @Option(help: ArgumentHelp("Passes over the training images.", valueName: "count"))
    var epochs: String?

    @Option(help: ArgumentHelp("Decides weights, shards and batches.", valueName: "number"))
    var seed: String?

    @Option(name: .customLong("lr"), help: ArgumentHelp("The learning rate.", valueName: "rate"))
    var learningRate: String?

    @Option(help: ArgumentHelp("The network: cnn.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("fastest: Winograd's algorithm where it pays; direct: never.", valueName: "how"))
    var convolution: String?

    @Option(
        name: .customLong("init"),
        help: ArgumentHelp("Weights to begin with, as export --pytorch writes them.", valueName: "file"))
    var initialWeights: String?

    @Option(
        help: ArgumentHelp(
            "Who shares batch-norm statistics: ghost:n, worker, workers:k or world.", valueName: "group"))
    var statistics: String?

    @Option(help: ArgumentHelp("Channel groups of group norm.", valueName: "count"))
    var groups: String?

    @Option(help: ArgumentHelp("Statistics to evaluate with: pooled, worker0, precise or batch.", valueName: "which"))
    var evaluate: String?

    @Option(help: ArgumentHelp("Training images for the statistics precise, the first ones.", valueName: "count"))
    var preciseImages: String?

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa: String?

    @Option(help: ArgumentHelp("exact: the same bits on any number of ranks; float: MPI's own sums.", valueName: "how"))
    var reduction: String?

    @Option(help: ArgumentHelp("Steps between two checkpoints; 0: only when asked to stop.", valueName: "steps"))
    var checkpointEvery: String?

    @Option(help: ArgumentHelp("The folder to write; runs/… when left out.", valueName: "folder"))
    var out: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any key of the configuration; may be given several times.", valueName: "key.path=value"))
    var assignments: [String] = []

    @Flag(help: "Tell where the time goes, layer by layer, and write profile.txt and trace.json.")
    var profile = false

    @Flag(help: "Show no progress and no notices.")
    var quiet = false

    /// The configuration that these options and `more` describe, each as key, value and option.
    func draft(_ more: [(key: String, value: String?, option: String)] = []) throws -> ConfigurationDraft {
        var draft = try config.map(ConfigurationDraft.init(path:)) ?? ConfigurationDraft()
        let options: [(key: String, value: String?, option: String)] = [
            ("dataset.name", dataset, "--dataset"), ("dataset.directory", data, "--data"),
            ("dataset.trainImages", trainImages, "--train-images"), ("workers", workers, "--workers"),
            ("training.batch", batch, "--batch"), ("training.epochs", epochs, "--epochs"), ("seed", seed, "--seed"),
            ("training.learningRate", learningRate, "--lr"), ("model.name", model, "--model"),
            ("model.convolution", convolution, "--convolution"), ("model.initialWeights", initialWeights, "--init"),
            ("normalization.statistics", statistics, "--statistics"), ("normalization.groups", groups, "--groups"),
            ("evaluation.statistics", evaluate, "--evaluate"),
            ("evaluation.preciseImages", preciseImages, "--precise-images"),
            ("instructionSet", isa, "--isa"),
            ("training.reduction", reduction, "--reduction"),
            ("training.checkpointEvery", checkpointEvery, "--checkpoint-every"),
        ]
        for (key, value, option) in options + more {
            if let value { try draft.set(key, to: value, option: option) }
        }
        for assignment in assignments { try draft.set(assignment) }
        return draft
    }
}
