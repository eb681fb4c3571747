// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import Workers

/// How the weights are found.
public struct TrainingSettings: Section {
    @Key("Images per worker and step.", .from(1), option: "batch", valueName: "images")
    public var batch = 2
    // So that the number of steps stays far from what an integer can count.
    @Key("Passes over the training images.", .from(1), .upTo(1_000_000), option: "epochs")
    public var epochs = 2
    @Key(
        "What becomes of an epoch's last step, which may have fewer images than the others.")
    public var lastBatch = LastBatch.use
    @Key(
        """
        Whether a worker trains on the same images in every epoch. dataset.shards says how they are divided among the \
        workers.
        """)
    public var shards = ShardChoice.fixed
    @Key("Learning rate before the schedule scales it.", .above(0), option: "lr", valueName: "rate")
    public var learningRate = 0.01
    @Key(
        """
        The global batch that learningRate is meant for: with another one, workers times batch, the rate is scaled in \
        proportion (Goyal et al. 2017), so that runs with other workers or batches differ in nothing else.
        """, .from(1), null: "the rate is taken as it is")
    public var learningRateImages: Int? = nil
    @Key("How the learning rate changes over the run.", choices: Schedules.catalogue.choices())
    public var schedule = "cosine"
    @Key(
        """
        For the schedule step: epochs, counted from 0 and ascending, at whose start the rate is multiplied by \
        stepFactor.
        """, .from(1))
    public var stepEpochs: [Int] = []
    @Key("For the schedule step: what the rate is multiplied by.", .above(0), .upTo(1))
    public var stepFactor = 0.1
    @Key(
        "Epochs over which the rate rises linearly from 0 to its full value; fractions are allowed.", .from(0))
    public var warmUpEpochs = 0.0
    @Key(
        "What changes the weights, given their gradients.", choices: Optimisers.catalogue.choices(), option: "optimiser"
    )
    public var optimiser = "sgd"
    @Key("For sgd: how much of the velocity stays from step to step.", .from(0), .below(1))
    public var momentum = 0.9
    @Key("For adam and adamw: how much of the gradients' mean stays from step to step.", .from(0), .below(1))
    public var beta1 = 0.9
    @Key("For adam and adamw: how much of the gradients' mean square stays from step to step.", .from(0), .below(1))
    public var beta2 = 0.999
    @Key("For adam and adamw: added to the root of the gradients' mean square, in their unit.", .above(0))
    public var optimiserEpsilon = 1e-8
    @Key(
        "Factor of the weights that is added to their gradients, or that adamw times the rate takes off them.",
        .from(0))
    public var weightDecay = 0.0005
    @Key("Which parameters the weight decay is for.")
    public var decay = DecayChoice.all
    @Key("How statistics and gradients are added up over the ranks.", option: "reduction")
    public var reduction = ReductionChoice.exact
    @Key(
        "Steps between two checkpoints; 0: only when the run is asked to stop.", .from(0), option: "checkpoint-every",
        valueName: "steps")
    public var checkpointEvery = 0

    /// The built-in default.
    public init() {}

    /// The rate after the warm-up, for a number of workers.
    public func peakRate(workers: Int) -> Double {
        guard let learningRateImages else { return learningRate }
        return learningRate * (Double(workers) * Double(batch) / Double(learningRateImages))
    }
}
