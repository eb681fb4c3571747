import ArgumentParser
import Benchmarks
import Catalogues
import Settings

/// `normtrain bench steps`
struct BenchSteps: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steps",
        abstract: "Measure training steps on random images: time, images/s, share of the machine's peak, memory.",
        usage: "normtrain bench [steps] [<options>]",
        discussion: """
            Lists, such as --norm bn,syncbn --batch 2,32, make a row for each combination. They may be given to \
            \(Keys.lists). Of --dataset only the shape counts: images are random, and no files are needed.
            """)

    enum Keys: KeySelection {
        static var keys: [String] { BenchmarkSettings.listKeys + BenchmarkSettings.singleKeys }

        static func defaultText(of key: KeyDeclaration) -> String {
            BenchmarkSettings.defaultLists[key.path] ?? key.defaultText
        }

        /// The options that take lists.
        static var lists: String {
            BenchmarkSettings.listKeys.compactMap { Configuration.key($0)?.option }.map { "--\($0)" }
                .joined(separator: ", ")
        }
    }

    @OptionGroup var keys: KeyOptions<Keys>

    @Option(help: ArgumentHelp("Steps to measure a row; about five seconds' when left out.", valueName: "count"))
    var steps: TypedNumber?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        _ = try stepCount()
    }

    private func stepCount() throws -> Int? { try steps?.whole("--steps", from: 1) }

    func run() throws {
        let settings = BenchmarkSettings(options: keys.given, steps: try stepCount())
        try execution.session(quiet: json).benchmark(settings, asJSON: json)
    }
}
