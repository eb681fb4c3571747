import ArgumentParser
import Experiments

/// `normtrain bench kernels`
struct BenchKernels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Measure each kernel, convolution and all-reduce beside what the machine can do at most.")

    @Option(help: ArgumentHelp("Images of the batch.", valueName: "images"))
    var batch = 32

    @Option(help: ArgumentHelp("How often each is measured; medians are printed.", valueName: "count"))
    var rounds = 15

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa = "native"

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if batch < 1 { throw ValidationError("--batch \(batch) is no number of images from 1") }
        if rounds < 1 { throw ValidationError("--rounds \(rounds) is no number from 1") }
    }

    func run() throws {
        guard let instructionSet = Configuration.InstructionSetChoice(rawValue: isa) else {
            throw ValidationError("--isa \(isa) is none of native, avx2, avx512")
        }
        try Session(quiet: json)
            .benchmarkKernels(batch: batch, rounds: rounds, instructionSet: instructionSet, asJSON: json)
    }
}
