/// Which algorithms a convolution may take.
public enum ConvolutionChoice: String, CaseIterable, Sendable {
    /// Whichever `ConvolutionAlgorithm.chosen` finds fastest.
    case fastest
    /// Sums of products alone, as the definition says.
    case direct
}
