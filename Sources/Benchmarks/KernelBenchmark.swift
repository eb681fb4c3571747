import Datasets
import Files
import MPI
import Models
import Reports
import Runs
import Settings
import Training
import Workers

extension Session {
    /// Measures each kernel and each convolution of a network, and messages of all sizes, and prints what they come to
    /// beside what the machine can do at most.
    ///
    /// - Parameters:
    ///   - options: the network, whose images it gets, the images of a worker, and what oneDNN computes with.
    ///   - rounds: how often each is measured, in turn with the others.
    ///   - asJSON: whether JSON is printed instead of tables.
    public func benchmarkKernels(options: [KeyOption], rounds: Int, asJSON: Bool) throws {
        let configuration = try agree {
            var draft = ConfigurationDraft()
            try draft.set("training.batch=32")
            try draft.set(options)
            return try draft.validatedForNetwork(.train, ranks: communicator.size)
        }
        try choose(configuration.instructionSet)
        let batch = configuration.training.batch
        let network = try agree { try dryRun(configuration) }
        let peak = try ProcessorPeak(over: communicator)
        let turns = Turns(communicator: communicator, rounds: rounds)
        let convolutions = try ConvolutionFigures.measured(
            NetworkConvolutions(network.run, images: batch), runs: rounds, communicator: communicator, peak: peak)
        let bench = KernelBench(network.run, parameterCount: network.parameterCount, images: batch)
        let report = KernelReport(
            ranks: communicator.size, instructionSet: Arithmetic.inUse.instructionSet, batch: batch, rounds: rounds,
            peak: peak, convolutions: convolutions.rows, convolutionSeconds: convolutions.sum,
            kernels: try kernels(bench, turns), allreduces: try AllreduceFigures.measured(by: turns))
        try onFirst { try StandardOutput.show(asJSON ? try JSON.text(report) : report.description) }
        tellNext("launch/bench, in the source code, measures PyTorch and JAX beside normtrain.")
    }

    private func dryRun(_ configuration: Configuration) throws -> (run: DryRun, parameterCount: Int) {
        let source = try configuration.dataset.source()
        let shape = source.imageShape
        let network = try RunPlan(configuration, norm: configuration.normalization.norm, ranks: communicator.size)
            .settings.network(images: shape, classes: source.classes, hosting: Hosting(workers: 1), sums: ExactSums())
        return (
            try DryRun(of: network, height: shape.height, width: shape.width, channels: shape.channels),
            network.parameters.reduce(0) { $0 + $1.tensor.count }
        )
    }

    private func kernels(_ bench: KernelBench, _ turns: Turns) throws -> [KernelFigures] {
        let cases = try bench.cases()
        // The kernels know where their data lie, but do not keep them.
        let seconds = try withExtendedLifetime(bench) {
            try turns.medians(of: cases.flatMap { $0.measured(beside: bench.memory) })
        }
        return cases.enumerated().map { index, measured in measured.figures(seconds[3 * index..<3 * index + 3]) }
    }
}
