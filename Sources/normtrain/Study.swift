import ArgumentParser

/// `normtrain study`
struct Study: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Vary settings over seeds, and hold them against each other with honest statistics.",
        subcommands: [StudyRun.self, StudyStatus.self, StudyVerify.self], defaultSubcommand: StudyRun.self)
}
