import Datasets
import MPI
import OneDNN

extension Session {
    /// Measures each kernel and each convolution of the network, and messages of all sizes, and prints what they come
    /// to beside what the machine can do at most.
    ///
    /// - Parameters:
    ///   - batch: images of a worker.
    ///   - rounds: how often each is measured, in turn with the others.
    ///   - asJSON: whether JSON is printed instead of tables.
    public func benchmarkKernels(
        batch: Int, rounds: Int, instructionSet: Configuration.InstructionSetChoice, asJSON: Bool
    ) throws {
        try choose(instructionSet)
        let source = try Dataset.source("fashion-mnist")
        let shape = source.imageShape
        let work = NetworkWork(
            height: shape.height, width: shape.width, channels: shape.channels, classes: source.classes)
        let peak = try ProcessorPeak(over: communicator)
        let turns = Turns(communicator: communicator, rounds: rounds)
        let convolutions = try ConvolutionFigures.measured(
            NetworkConvolutions(work, images: batch), runs: rounds, communicator: communicator, peak: peak)
        let report = KernelReport(
            ranks: communicator.size, instructionSet: InstructionSet.currentName, batch: batch, rounds: rounds,
            peak: peak, convolutions: convolutions.rows, convolutionSeconds: convolutions.sum,
            kernels: try kernels(KernelBench(work, images: batch), turns),
            allreduces: try AllreduceFigures.measured(by: turns))
        try onFirst { print(asJSON ? try readableJSON(report) : report.description) }
    }

    private func kernels(_ bench: KernelBench, _ turns: Turns) throws -> [KernelFigures] {
        let cases = try bench.cases()
        // The kernels know where their data lie, but do not keep them.
        let seconds = try withExtendedLifetime(bench) {
            try turns.medians(of: cases.flatMap { $0.contestants(beside: bench.memory) })
        }
        return cases.enumerated().map { index, measured in
            KernelFigures(measured, seconds: seconds[3 * index..<3 * index + 3])
        }
    }
}
