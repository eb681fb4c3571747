import COneDNN

/// The three products of a convolution.
public enum ConvolutionPass: String, Codable, CaseIterable, Sendable {
    /// The output, from input and weights.
    case forward
    /// The gradient of the input, from that of the output and the weights.
    case inputGradient = "input gradient"
    /// The gradient of the weights, from the input and the gradient of the output.
    case weightGradient = "weight gradient"
}

/// Which algorithms a convolution may take.
public enum ConvolutionChoice: String, CaseIterable, Codable, Sendable {
    /// Whichever `ConvolutionAlgorithm.chosen` finds fastest.
    case fastest
    /// Sums of products alone, as the definition says.
    case direct
}

/// How a product of a convolution is computed.
///
/// The choice is a function of shape, pass and instruction set, never of a measurement: two algorithms differ in their
/// last bits.
public enum ConvolutionAlgorithm: String, Codable, Sendable {
    /// Sums of products, as the definition says.
    case direct
    /// F(4×4, 3×3) of Lavin and Gray (2016, section 4.3): tiles of 4 × 4 outputs take 36 products of transformed values
    /// instead of 144 products.
    case winograd

    /// The algorithm for a pass. oneDNN has Winograd's for AVX-512, 3 × 3 kernels with stride 1 and multiples of 16
    /// channels.
    ///
    /// It is faster where there are many tiles for one transformation of the weights: measured with 32 to 128 channels,
    /// the copies into another layout included, the forward pass and the input gradient gain from 32 to 48 tiles a slice
    /// on, the weight gradient from 16 to 32. Output and input gradient of an image must not depend on the images beside
    /// it, so that for them the tiles of one image decide, and two or three images make them worth while.
    public static func chosen(for shape: ConvolutionShape, _ pass: ConvolutionPass) -> ConvolutionAlgorithm {
        guard shape.choice == .fastest, InstructionSet.currentHas(.avx512Core), shape.kernel == 3, shape.stride == 1,
            shape.padding <= 1, shape.inputChannels % 16 == 0, shape.outputChannels % 16 == 0,
            min(shape.inputChannels, shape.outputChannels) >= 32
        else { return .direct }
        switch pass {
        case .forward, .inputGradient: return shape.tilesPerImage >= 16 ? .winograd : .direct
        case .weightGradient: return shape.tilesPerImage * shape.images >= 20 ? .winograd : .direct
        }
    }

    var kind: dnnl_alg_kind_t {
        switch self {
        case .direct: dnnl_convolution_direct
        case .winograd: dnnl_convolution_winograd
        }
    }
}

extension ConvolutionShape {
    /// Tiles of 4 × 4 outputs, incomplete ones at the edges included.
    fileprivate var tilesPerImage: Int { ((outputHeight + 3) / 4) * ((outputWidth + 3) / 4) }
}
