// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import Datasets

/// How a network learns to tell two views of one image from the views of all others, for the task contrastive.
public struct ContrastiveSettings: Section {
    @Key("What similarities are divided by before they are compared.", .above(0))
    public var temperature = 0.2
    @Key("Values of an embedding: what the projection head makes of an image's features.", .from(1))
    public var projection = 64
    @Key(
        """
        Whether the second views of a step are shuffled over the workers before they go through the network, so that the \
        two views of an image share no batch (He et al. 2020, section 3.3).
        """)
    public var shuffledViews = false
    @Key(
        "The smallest area of the part of an image that is enlarged to a view, as a share of the image's.", .above(0),
        .upTo(1))
    public var smallestCrop = 0.2
    @Key("Whether every other view is mirrored.")
    public var mirrors = true
    @Key("How far the factor of a view's brightness may be from 1.", .from(0), .upTo(1))
    public var brightness = 0.4
    @Key("How far the factor of a view's contrast may be from 1.", .from(0), .upTo(1))
    public var contrast = 0.4
    @Key(
        """
        Test images, or validation images, whose views are taken through the network as in training when it is \
        evaluated; in whole steps, drawn by the seed.
        """, .from(1))
    public var pretextImages = 2000
    @Key("Nearest training images, by the cosine of their features, that vote on the class of a test image.", .from(1))
    public var neighbours = 20
    @Key(
        "Training images that neighbours are looked for among, drawn by the seed with equal classes; all when there are fewer.",
        .from(1))
    public var neighbourImages = 10_000

    /// The built-in default.
    public init() {}

    /// How views are drawn.
    var views: ViewDistribution {
        ViewDistribution(smallestCrop: smallestCrop, mirrors: mirrors, brightness: brightness, contrast: contrast)
    }
}
