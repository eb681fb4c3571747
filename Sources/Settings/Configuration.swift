// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import Datasets
import Models
import Normalization
import Tasks
import Training
import Workers

/// Everything that decides a run: with the seed in it, the result is a function of this value alone.
///
/// The defaults below are the built-in configuration of `normtrain compare`. All that is known of a key stands in its
/// declaration, and everything else is made from that: its option and the option's help, what a file may say, the
/// refusals, `normtrain config` and the table in the README.
public struct Configuration: Section {
    @Key("What is trained.", choices: TrainingTasks.catalogue.choices(), option: "task")
    public var task = "classification"
    @Key(
        "Decides the initial weights, the shuffling and the sampling.", .from(0), option: "seed", valueName: "number")
    public var seed = 1
    @Key(
        """
        Logical devices, each with its own shard of the images, its own batch and, under bn, its own running \
        statistics; at least as many as ranks.
        """, .from(1), .upTo(Double(Hosting.mostWorkers)), null: "as many as ranks", option: "workers")
    public var workers: Int? = nil
    @Key(
        "The vector instructions that oneDNN computes with. Equal bits need equal instructions.", option: "isa")
    public var instructionSet = InstructionSetChoice.native
    public var dataset = DatasetSettings()
    public var model = ModelSettings()
    public var normalization = NormSettings()
    public var training = TrainingSettings()
    public var evaluation = EvaluationSettings()
    public var contrastive = ContrastiveSettings()
    public var compare = CompareSettings()

    /// The built-in default.
    public init() {}

    /// The number of workers of a run on `ranks` MPI processes.
    public func workerCount(ranks: Int) -> Int { workers ?? ranks }
}

/// What `normtrain compare` compares.
public struct CompareSettings: Section {
    @Key(
        "The norms that normtrain compare trains, in the order of its table.", choices: Norm.catalogue.choices(),
        option: "norms", valueName: "list")
    public var norms = ["bn", "syncbn", "gn", "ln", "in", "none"]

    /// The built-in default.
    public init() {}
}
