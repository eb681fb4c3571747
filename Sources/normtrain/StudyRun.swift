import ArgumentParser
import Files
import MPI
import Runs
import Settings
import Studies

/// `normtrain study run`
struct StudyRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Carry out what is due of a study.",
        usage: "normtrain study [run] <file> [<options>]",
        discussion: """
            What is finished is never repeated, and what was interrupted goes on. Several starts at once share the work. \
            With mpirun each rank trains a trial of its own.
            """)

    @Argument(
        help: ArgumentHelp(
            "The study's file (YAML), or the name of one that --list shows; -: standard input.", valueName: "file"))
    var file: String?

    @Flag(help: "List the studies that come with normtrain.")
    var list = false

    @Flag(name: .customLong("init"), help: "Write an example with comments to the file, or print it.")
    var writesExample = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A key of the base configuration; may be given several times.", valueName: "key.path=value"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("Only these trials; may be given several times.", valueName: "axis=level"))
    var only: [String] = []

    @Option(help: ArgumentHelp("The i-th of n shares of the trials, for an array of jobs.", valueName: "i/n"))
    var shard: String?

    @Option(help: ArgumentHelp("Ranks that train a trial together.", valueName: "count"))
    var ranksPerTrial = TypedNumber(argument: "1")

    @Flag(help: "Print the trials, how long they will take, and which p-values can be reached; train nothing.")
    var dryRun = false

    @Flag(help: "End at the first trial that fails.")
    var failFast = false

    @Flag(help: "Try again what failed or diverged.")
    var retryFailed = false

    @Option(help: ArgumentHelp("The folder to write; runs/study-… when left out.", valueName: "folder"))
    var out: String?

    @Flag(
        help: "Record how far the workers' own statistics are from the global ones, in each trial's telemetry.csv.")
    var telemetry = false

    @Flag(help: "Show no progress and no notices, only warnings.")
    var quiet = false

    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        _ = try studyExecution()
        if file == nil, !list, !writesExample {
            throw ValidationError("study: expected a file, or --list, or --init")
        }
    }

    private func studyExecution() throws -> StudyExecution {
        var study = StudyExecution()
        study.output = out
        study.selection.only = only
        if let shard {
            guard let parsed = TrialSelection.Shard(shard) else {
                throw ValidationError("--shard \(shard): expected i/n with i from 1 to n, for example 2/8")
            }
            study.selection.shard = parsed
        }
        study.ranksPerTrial = try ranksPerTrial.whole("--ranks-per-trial", from: 1)
        (study.failsFast, study.retriesFailed, study.isQuiet) = (failFast, retryFailed, quiet)
        study.telemetry = telemetry
        return study
    }

    func run() throws {
        if list || writesExample { return try show() }
        let session = try execution.session(quiet: quiet, trains: true)
        let design = try session.design(named: file ?? "-", assignments: assignments)
        if dryRun {
            try session.planStudy(design, try studyExecution())
        } else {
            try session.study(design, try studyExecution())
        }
    }

    /// Needs no MPI; started under mpirun, one rank does it for all.
    private func show() throws {
        guard MPIEnvironment.launchedRank ?? 0 == 0 else { return }
        do {
            if list { return try StandardOutput.show(StudyLibrary.table()) }
            guard let file, file != "-" else {
                return try StandardOutput.show(StudyLibrary.example, terminator: "")
            }
            guard !RegularFile.exists(file) else {
                throw ValidationError("\(file): there is such a file already; name another")
            }
            try AtomicFile.write(Array(StudyLibrary.example.utf8), to: file)
        } catch {
            ProgramExit.exit(withComplaint: "normtrain: \(sentence(of: error))")
        }
    }
}
