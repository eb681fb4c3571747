// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import Workers

/// What normalises the activations.
public struct NormSettings: Section {
    @Key(
        "The norm that is trained. normtrain compare trains compare.norms instead.", choices: Norm.catalogue.choices(),
        option: "norm")
    public var norm = "syncbn"
    @Key(
        "Who shares the statistics of batch norm.", null: "what the norm implies: worker for bn and brn",
        option: "statistics",
        valueName: "group")
    public var statistics: StatisticsGroup? = nil
    @Key("Channel groups of group norm; they divide the channels of every layer.", .from(1), option: "groups")
    public var groups = 8
    @Key(
        "Channels of a group of group norm, which divide the channels of every layer, in place of a number of groups.",
        .from(1), null: "the number of groups is the same in every layer", option: "channels-per-group")
    public var channelsPerGroup: Int? = nil
    @Key(
        "Added to the variance before the root is taken, in squared units of the activation.", .above(0))
    public var epsilon = 1e-5
    @Key(
        """
        Weight of the newest batch in the running statistics; cumulative for the plain mean of all batches. Sums are taken \
        of differences from the running mean, so that it changes the last bits of training too.
        """, .from(0), .upTo(1))
    public var momentum = RunningMomentum.exponential(0.1)
    @Key(
        "For brn: by how much, and by how much less, batch renormalisation scales a batch at most.", .from(1))
    public var largestScale = 3.0
    @Key("For brn: how many running deviations batch renormalisation shifts a batch at most.", .from(0))
    public var largestShift = 5.0
    @Key("For brn: batches before it corrects, while running statistics are still far from any batch's.", .from(0))
    public var renormalizationWarmUp = 100
    @Key("Whether a learned scale and shift per channel follow.")
    public var affine = true
    @Key(
        """
        Whether the running variance divides by N rather than by N − 1, where N is the group's samples times pixels.
        """)
    public var biased = false

    /// The built-in default.
    public init() {}
}
