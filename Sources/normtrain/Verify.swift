import ArgumentParser
import Experiments

/// `normtrain verify`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the ranks' run has the bits of a run on one rank; exit status 1 if not.")

    @Option(help: ArgumentHelp("exact, or float to see what exact sums are for.", valueName: "how"))
    var reduction = "exact"

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa = "native"

    @OptionGroup var execution: ExecutionOptions

    func run() throws {
        guard let reduction = Configuration.Reduction(rawValue: reduction) else {
            throw ValidationError("--reduction \(reduction) is neither exact nor float")
        }
        guard let instructions = Configuration.InstructionSetChoice(rawValue: isa) else {
            throw ValidationError("--isa \(isa) is none of native, avx2 and avx512")
        }
        try execution.session(quiet: false).verify(reduction: reduction, instructions: instructions)
    }
}
