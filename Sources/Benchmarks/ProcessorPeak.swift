import Autograd
import Kernels
import MPI
import OneDNN
import Reports
import Threads

/// Measured on the spot by all ranks at once.
extension ProcessorPeak {
    /// A collective. The best of several bursts counts: whatever disturbs a burst makes it slower.
    init(over communicator: Communicator) throws {
        var chains = 0.0
        var product = 0.0
        let matrices = SquareMatrices()
        try communicator.barrier(for: "the measurement of the peak")
        for _ in 0..<30 {
            chains = max(chains, Self.chainSpeed())
            product = max(product, try matrices.productSpeed())
        }
        let own = max(chains, product)
        let ranksForProduct = try communicator.allreduce(product > chains ? 1 : 0, .sum, for: "the source of the peak")
        let cores = MPIEnvironment.coreShare(threads: Threads.count)
        self.init(
            gflopsPerCore: try communicator.allreduce(own, .sum, for: "the peak of a core") / Double(communicator.size)
                / 1e9,
            gflops: try communicator.allreduce(own * cores, .sum, for: "the peak of all ranks") / 1e9,
            source: 2 * ranksForProduct > communicator.size ? .matrixProduct : .chains)
    }

    /// Operations a second.
    private static func chainSpeed() -> Double {
        let turns = 20_000
        let start = MPIEnvironment.wallSeconds
        let sum = MultiplyAddChains.run(turns: turns, from: Float(start))
        let seconds = MPIEnvironment.wallSeconds - start
        precondition(sum.isFinite, "the chains run to 2")
        return Double(turns * MultiplyAddChains.flopsPerTurn) / seconds
    }
}

/// Three square matrices that together stay in a cache of two megabytes.
private struct SquareMatrices {
    private let extent = 384
    private let left: Tensor
    private let right: Tensor
    private let product: Tensor

    init() {
        left = .normals(shape: [extent, extent])
        right = .normals(shape: [extent, extent])
        product = .normals(shape: [extent, extent])
    }

    /// Operations a second.
    func productSpeed() throws -> Double {
        let start = MPIEnvironment.wallSeconds
        try withExtendedLifetime(self) {
            try MatrixProduct(rows: extent, columns: extent, terms: extent).execute(
                left: left.pointer, right: right.pointer, product: product.pointer)
        }
        return Double(2 * extent * extent * extent) / (MPIEnvironment.wallSeconds - start)
    }
}

extension Tensor {
    /// Random values of the normal distribution: a million of them, over and over.
    static func normals(shape: [Int]) -> Tensor {
        let tensor = Tensor(shape: shape)
        var generator = SeededGenerator(seed: 1, for: "values to measure with")
        var filled = min(tensor.count, 1 << 20)
        for index in 0..<filled { tensor.pointer[index] = Float(generator.nextNormal()) }
        while filled < tensor.count {
            let part = min(filled, tensor.count - filled)
            (tensor.pointer + filled).update(from: tensor.pointer, count: part)
            filled += part
        }
        return tensor
    }
}
