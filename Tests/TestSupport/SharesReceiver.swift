import Autograd

/// A receiver that keeps every share, in the order of arrival.
public final class SharesReceiver: GradientReceiver {
    private let parameters: [Tensor]
    private var workers: [[[Float]]]
    private var globals: [[[Float]]]

    /// A receiver for these tensors.
    public init(parameters: [Tensor]) {
        self.parameters = parameters
        workers = parameters.map { _ in [] }
        globals = parameters.map { _ in [] }
    }

    /// Whether this tensor is among them.
    public func receives(_ tensor: Tensor) -> Bool { index(of: tensor) != nil }

    /// Keeps a copy.
    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        workers[index(of: parameter)!].append(Array(UnsafeBufferPointer(start: gradient, count: parameter.count)))
    }

    /// Keeps a copy.
    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        globals[index(of: parameter)!].append(Array(UnsafeBufferPointer(start: gradient, count: parameter.count)))
    }

    /// One array a worker with images.
    public func workerShares(of parameter: Tensor) -> [[Float]] { index(of: parameter).map { workers[$0] } ?? [] }

    /// Gradients that were the sum over all workers already.
    public func globalGradients(of parameter: Tensor) -> [[Float]] { index(of: parameter).map { globals[$0] } ?? [] }

    /// The gradient, where all workers are hosted here.
    public func sum(of parameter: Tensor) -> [Float] {
        let shares = workerShares(of: parameter) + globalGradients(of: parameter)
        return (0..<parameter.count).map { index in Float(shares.reduce(0.0) { $0 + Double($1[index]) }) }
    }

    private func index(of tensor: Tensor) -> Int? { parameters.firstIndex { $0 === tensor } }
}
