import ArgumentParser
import Experiments

/// `normtrain bench steps`
struct BenchSteps: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steps",
        abstract: "Measure training steps on random images: time, images/s, share of the machine's peak, memory.",
        usage: "normtrain bench [steps] [<options>]",
        discussion: "Lists, such as --norm bn,syncbn --batch 2,32, make a row for each combination.")

    @Option(help: ArgumentHelp("bn, syncbn, batch, gn, ln, in or none; a list.", valueName: "names"))
    var norm = "bn,syncbn,gn,ln"

    @Option(help: ArgumentHelp("Images per worker and step; a list.", valueName: "images"))
    var batch = "32"

    @Option(help: ArgumentHelp("Logical devices, as many as ranks when left out; a list.", valueName: "counts"))
    var workers: String?

    @Option(help: ArgumentHelp("exact, float, or both.", valueName: "how"))
    var reduction: String?

    @Option(help: ArgumentHelp("fastest, direct, or both.", valueName: "how"))
    var convolution: String?

    @Option(help: ArgumentHelp("Who shares batch-norm statistics.", valueName: "group"))
    var statistics: String?

    @Option(help: ArgumentHelp("Whose shape the images have; no files are needed.", valueName: "name"))
    var dataset: String?

    @Option(help: ArgumentHelp("What oneDNN computes with: native, avx2 or avx512.", valueName: "name"))
    var isa: String?

    @Option(help: ArgumentHelp("Steps to measure a row; about five seconds' when left out.", valueName: "count"))
    var steps: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps \(steps) is no number of steps from 1") }
    }

    func run() throws {
        var settings = BenchmarkSettings()
        settings.norms = norm
        settings.batches = batch
        settings.workers = workers
        settings.reductions = reduction
        settings.convolutions = convolution
        settings.statistics = statistics
        settings.dataset = dataset
        settings.instructionSet = isa
        settings.steps = steps
        try execution.session(quiet: json).benchmark(settings, asJSON: json)
    }
}
