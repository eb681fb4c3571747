// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What a key means is the first argument of its declaration; a comment above it would be the same sentence again.

import Catalogues
import OneDNN

/// The network.
public struct ModelSettings: Section {
    @Key("The network.", choices: Networks.catalogue.choices(), option: "model")
    public var name = "cnn"
    @Key("The algorithms that convolutions may take. Each gives bits of its own.", option: "convolution")
    public var convolution = ConvolutionChoice.fastest
    @Key("For resnet20: whether γ of each residual block's last norm begins at 0, rather than at 1.")
    public var zeroInitResidual = false
    @Key(
        """
        A safetensors file of weights to begin with, as normtrain export writes it. It must hold every weight of \
        every norm that is trained, in its shape, and no other tensor; only running statistics may be missing, or be \
        left out by norms that have none.
        """, null: "weights drawn from the seed", option: "init", valueName: "file")
    public var initialWeights: String? = nil
    @Key(
        "SHA-256 that the file initialWeights must have, in hexadecimal digits. A run's own config.yaml has it.",
        null: "any")
    public var initialWeightsSHA256: String? = nil

    /// The built-in default.
    public init() {}
}
