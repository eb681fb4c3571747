import Foundation
import MPI
import Reports
import Training

/// The profiles of a command's runs.
package final class Profiling {
    /// What a run leaves in its folder.
    struct Files {
        let table: String
        /// What the table is made of, as JSON.
        let ranks: String
        let trace: String
    }

    /// The table of each run, on the first rank.
    package private(set) var tables: [String] = []
    private let communicator: Communicator

    package init(_ communicator: Communicator) {
        self.communicator = communicator
    }

    /// A recorder for the next run.
    func recorder() -> ProfileRecorder { ProfileRecorder(communicator) }

    /// Brings a run's profile to the first rank; a collective.
    ///
    /// - Returns: what belongs into the run's folder; nil on the other ranks.
    func collect(_ recorder: ProfileRecorder, title: String) throws -> Files? {
        let profile = try recorder.finish()
        let profiles = try communicator.gather(try JSON.text(profile), root: 0, for: "the profiles")
        let events = try communicator.gather(recorder.traceEvents(host: profile.host), root: 0, for: "the trace")
        guard let profiles, let events else { return nil }
        let ranks = try profiles.map { try JSON.value(RankProfile.self, of: Array($0.utf8)) }
        let table = ProfileTable(title: title, profiles: ranks)
        tables.append(table.description)
        return Files(table: "\(table)\n", ranks: "\(try JSON.text(ranks))\n", trace: Trace.file(events: events))
    }
}
