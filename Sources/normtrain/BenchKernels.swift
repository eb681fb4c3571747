import ArgumentParser
import Benchmarks
import Catalogues
import Runs
import Settings

/// `normtrain bench kernels`
struct BenchKernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Measure each kernel, convolution and all-reduce beside what the machine can do at most.",
        usage: "normtrain bench kernels [<options>]")

    enum Keys: KeySelection {
        static let keys = ["training.batch", "model.name", "dataset.name", "instructionSet"]

        static func defaultText(of key: KeyDeclaration) -> String {
            key.path == "training.batch" ? "32" : key.defaultText
        }
    }

    @OptionGroup var keys: KeyOptions<Keys>

    @Option(help: ArgumentHelp("How often each is measured; medians are printed.", valueName: "count"))
    var rounds = TypedNumber(argument: "15")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var stall: StallOptions

    func validate() throws {
        _ = try roundCount()
    }

    private func roundCount() throws -> Int { try rounds.whole("--rounds", from: 1) }

    func run() throws {
        let session = try Session(quiet: json, stallLimits: stall.limits())
        try session.benchmarkKernels(options: keys.given, rounds: try roundCount(), asJSON: json)
    }
}
