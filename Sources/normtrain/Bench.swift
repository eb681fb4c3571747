import ArgumentParser

/// `normtrain bench`
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how fast this machine trains: steps, or each of their parts.",
        subcommands: [BenchSteps.self, BenchKernels.self], defaultSubcommand: BenchSteps.self)
}
