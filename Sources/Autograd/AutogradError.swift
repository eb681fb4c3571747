/// Why gradients can't be computed.
public enum AutogradError: Error, CustomStringConvertible, Equatable {
    /// The backward pass of this operation is not made of recorded operations.
    case notTwiceDifferentiable(operation: String)

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .notTwiceDifferentiable(let operation):
            """
            the backward pass of \(operation) can't be differentiated again: take second derivatives only through \
            convolution, matrix product, leaky ReLU, sums and products.
            """
        }
    }
}
