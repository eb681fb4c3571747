import Files
import MPI

extension Session {
    /// Tells of ranks that the others wait for, and ends the job when that takes too long.
    func watchStalls(_ limits: StallWatch.Limits) throws {
        let hosts = try communicator.allgather(try MPIEnvironment.hostName(), for: "the hosts")
        try communicator.watchStalls(limits) { event in
            StandardError.write("normtrain: \(event.sentence(hosts: hosts))\n")
            if case .becameTooLong = event { MPIEnvironment.abort(1) }
        }
    }
}

extension StallWatch.Event {
    /// One sentence for a person.
    ///
    /// - Parameter hosts: the host of each rank.
    func sentence(hosts: [String]) -> String {
        switch self {
        case .began(let stall) where stall.missing.isEmpty, .becameTooLong(let stall) where stall.missing.isEmpty:
            let end = if case .becameTooLong = self { ", and the run is ended as --stall-abort asks" } else { "" }
            return """
                all ranks have come to \(stall.purpose), but after \(stall.roundedSeconds) s its data are still under \
                way\(end): the network may be slow or cut off.
                """
        case .began(let stall):
            return """
                \(stall.whoIsMissing(hosts)) not come to \(stall.purpose), where \(stall.whoWaits) waited for \
                \(stall.roundedSeconds) s: a process may be stopped, or its host overloaded or cut off.
                """
        case .ended(let stall):
            return "all ranks have come to \(stall.purpose) after \(stall.roundedSeconds) s; the run goes on."
        case .becameTooLong(let stall):
            return """
                \(stall.whoIsMissing(hosts)) not come to \(stall.purpose) in \(stall.roundedSeconds) s, and the run is ended \
                as --stall-abort asks.
                """
        }
    }
}

extension Stall {
    fileprivate func whoIsMissing(_ hosts: [String]) -> String {
        let names = missing.map { "\($0) (on \(hosts[$0]))" }
        return "rank\(missing.count == 1 ? "" : "s") \(listed(names)) \(missing.count == 1 ? "has" : "have")"
    }

    fileprivate var whoWaits: String {
        "rank\(present.count == 1 ? "" : "s") \(listed(present.map(String.init))) \(present.count == 1 ? "has" : "have")"
    }

    fileprivate var roundedSeconds: Int { Int(seconds.rounded()) }

    /// Of many ranks a few are enough to find the host.
    private func listed(_ names: [String]) -> String {
        if names.count > 8 { return names.prefix(8).joined(separator: ", ") + " and \(names.count - 8) more" }
        guard names.count > 1, let last = names.last else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
