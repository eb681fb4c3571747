/// The three products of a convolution.
public enum ConvolutionPass: String, Codable, CaseIterable, Sendable {
    /// The output, from input and weights.
    case forward
    /// The gradient of the input, from that of the output and the weights.
    case inputGradient = "input gradient"
    /// The gradient of the weights, from the input and the gradient of the output.
    case weightGradient = "weight gradient"
}
