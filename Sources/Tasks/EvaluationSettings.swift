// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import Training

/// How the trained network is tested.
public struct EvaluationSettings: Section {
    @Key("The statistics that batch norm evaluates with.", option: "evaluate")
    public var statistics = EvaluationStatistics.pooled
    @Key("Test images per evaluated batch. With the statistics batch it decides the result.", .from(1))
    public var batch = 100
    @Key(
        """
        Training images that the statistics precise and layerwise are computed over; all when there are fewer. For precise \
        they are those of the first steps of training, in whole steps; for layerwise they are drawn by the seed with equal \
        classes.
        """,
        .from(1), option: "precise-images")
    public var preciseImages = 1000
    @Key(
        """
        Epochs between two rows of epochs.csv, which has one after the last epoch too: how good the network is by then on \
        validation images, or on test images where none are held out; of a classifier loss and error with running \
        statistics and with those of batches as in training. 0: no rows.
        """, .from(0))
    public var every = 1

    /// The built-in default.
    public init() {}
}
