import ArgumentParser
import Files
import MPI
import Reports
import Runs
import Settings

/// `normtrain list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what can be chosen by name: norms, models, data sets and the rest.",
        usage: "normtrain list [<catalogue>]")

    @Argument(
        help: ArgumentHelp(
            "One of \(Catalogue.allCases.map(\.rawValue).joined(separator: ", ")); all when left out.",
            valueName: "catalogue"),
        completion: .list(Catalogue.allCases.map(\.rawValue)))
    var catalogue: String?

    func validate() throws {
        if let name = catalogue, Catalogue(rawValue: name) == nil {
            throw ValidationError("list \(name): \(Catalogue.refusal(of: name))")
        }
    }

    /// Needs no MPI; started under mpirun, one rank does it for all.
    func run() throws {
        guard MPIEnvironment.launchedRank ?? 0 == 0 else { return }
        let chosen = catalogue.flatMap(Catalogue.init).map { [$0] } ?? Catalogue.allCases
        do {
            try StandardOutput.show(chosen.map(\.table).joined(separator: "\n\n"))
        } catch {
            ProgramExit.exit(withComplaint: "normtrain: \(sentence(of: error))")
        }
    }
}

extension Catalogue {
    /// Its entries, a line each, and what to do about data that are not here.
    fileprivate var table: String {
        let availability = entries.map { isHere($0.name).map { $0 ? "yes" : "no" } }
        guard availability.contains(where: { $0 != nil }) else {
            return TextTable(
                header: [singular, "what it is"], rows: entries.map { [$0.name, $0.summary] }, names: 2
            ).description
        }
        let rows = zip(entries, availability).map { [$0.name, $1 ?? "", $0.summary] }
        let table = TextTable(header: [singular, "here", "what it is"], rows: rows, names: 3).description
        let remedy = "\n--data names the folder of files that are not where they are usually installed."
        return availability.contains("no") ? table + remedy : table
    }
}
