import Autograd

/// A receiver that keeps every share, in the order of arrival.
public final class SharesReceiver: GradientReceiver {
    private let parameters: [Tensor]
    private var workerShares: [[[Float]]]
    private var globals: [[[Float]]]

    public init(parameters: [Tensor]) {
        self.parameters = parameters
        workerShares = parameters.map { _ in [] }
        globals = parameters.map { _ in [] }
    }

    public func receives(_ tensor: Tensor) -> Bool { index(of: tensor) != nil }

    public func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        workerShares[index(of: parameter)!].append(Array(UnsafeBufferPointer(start: gradient, count: parameter.count)))
    }

    public func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) {
        globals[index(of: parameter)!].append(Array(UnsafeBufferPointer(start: gradient, count: parameter.count)))
    }

    /// One array a worker with images, and gradients that were global already behind them.
    public func shares(of parameter: Tensor) -> [[Float]] {
        guard let index = index(of: parameter) else { return [] }
        return workerShares[index] + globals[index]
    }

    /// Gradients that were the sum over all workers already.
    public func globalGradients(of parameter: Tensor) -> [[Float]] { index(of: parameter).map { globals[$0] } ?? [] }

    /// The gradient, where all workers are hosted here.
    public func sum(of parameter: Tensor) -> [Float] {
        let shares = shares(of: parameter)
        return (0..<parameter.count).map { index in Float(shares.reduce(0.0) { $0 + Double($1[index]) }) }
    }

    private func index(of tensor: Tensor) -> Int? { parameters.firstIndex { $0 === tensor } }
}
