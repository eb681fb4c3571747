import COpenMPI
import Glibc

/// Notices that other ranks do not come to a collective, and finds out which.
///
/// Collectives are started without blocking, and while a rank waits it asks MPI again and again whether they are
/// complete: inside a call that blocks it could neither tell the time nor hear from others. After a while it tells all others
/// that it is there; those that wait too answer the same, and whoever stays silent is the one that they wait for: stopped,
/// starved, or on a host that hangs. The lowest rank that waits reports. Nothing is sent while all is well.
public final class StallWatch {
    /// When to speak up.
    public struct Limits: Equatable, Sendable {
        /// Seconds of waiting until a warning; nil: never.
        public var warningSeconds: Double?
        /// Seconds of waiting until the job is ended; nil: never.
        public var abortSeconds: Double?

        /// A warning after a minute.
        public static let standard = Limits(warningSeconds: 60, abortSeconds: nil)

        /// Limits in seconds; nil: never.
        public init(warningSeconds: Double?, abortSeconds: Double?) {
            self.warningSeconds = warningSeconds
            self.abortSeconds = abortSeconds
        }
    }

    /// What happens to a stall.
    public enum Event: Equatable, Sendable {
        /// Ranks have waited as long as `warningSeconds`; once a stall.
        case began(Stall)
        /// The missing ranks came after all.
        case ended(Stall)
        /// Ranks have waited as long as `abortSeconds`; whoever hears it ends the job.
        case becameTooLong(Stall)
    }

    /// How long the others get to answer.
    static let answerSeconds = 1.0

    private let limits: Limits
    private let report: (Event) -> Void
    private let mail: NoticeBoard
    private let rank: Int
    private let ranks: Int
    /// Collectives so far, the same on every rank that has come to the last one.
    private var collective = Int64(0)

    /// - Parameters:
    ///   - communicator: whose collectives are watched; a collective itself.
    ///   - report: called while waiting, on the lowest rank that waits.
    init(limits: Limits, over communicator: Communicator, report: @escaping (Event) -> Void) throws {
        self.limits = limits
        self.report = report
        rank = communicator.rank
        ranks = communicator.size
        mail = NoticeBoard(try communicator.split(color: 0, key: communicator.rank, for: "the watch over stalls"))
    }

    /// Returns when a collective is complete.
    func complete(_ request: consuming Request, _ purpose: String) throws {
        collective += 1
        do {
            try wait(for: &request, purpose)
        } catch {
            request.abandon()
            throw error
        }
    }

    private func wait(for request: inout Request, _ purpose: String) throws {
        var waiting: Waiting?
        var polls = 0
        while try !request.test() {
            polls &+= 1
            // The first look comes early, though too late for a collective in which nobody waits.
            guard polls == 16 || polls & 255 == 0 else { continue }
            let now = MPIEnvironment.wallSeconds
            var current = waiting ?? Waiting(since: now, rank: rank)
            try look(&current, purpose, now)
            waiting = current
            // After so long a millisecond does not matter any more, and the missing rank may need the core.
            if now - current.since > 1 { usleep(1000) }
        }
        if let waiting, waiting.isReported {
            report(.ended(stall(waiting, purpose, MPIEnvironment.wallSeconds)))
        }
    }

    private struct Waiting {
        let since: Double
        var announcedAt: Double?
        /// Ranks that are known to wait, this one included.
        var present: Set<Int>
        var isReported = false
        var hasLooked = false

        init(since: Double, rank: Int) {
            self.since = since
            present = [rank]
        }
    }

    private func look(_ waiting: inout Waiting, _ purpose: String, _ now: Double) throws {
        let seconds = now - waiting.since
        // Who waits in an earlier collective waits too: some ranks leave a collective before others do. At the beginning,
        // though, notices may be left from a stall that is over.
        let oldest = waiting.hasLooked ? .min : collective
        waiting.hasLooked = true
        let others = try mail.notices().filter { $0.collective >= oldest }.map(\.rank)
        waiting.present.formUnion(others)
        let isLong = seconds >= min(limits.warningSeconds ?? .infinity, limits.abortSeconds ?? .infinity)
        if waiting.announcedAt == nil, isLong || !others.isEmpty {
            try mail.tellAll(collective)
            waiting.announcedAt = now
        }
        guard isLong, let announcedAt = waiting.announcedAt, now - announcedAt >= Self.answerSeconds,
            rank == waiting.present.min()
        else { return }
        if !waiting.isReported, let limit = limits.warningSeconds, seconds >= limit {
            waiting.isReported = true
            report(.began(stall(waiting, purpose, now)))
        }
        if let limit = limits.abortSeconds, seconds >= limit { report(.becameTooLong(stall(waiting, purpose, now))) }
    }

    private func stall(_ waiting: Waiting, _ purpose: String, _ now: Double) -> Stall {
        Stall(
            missing: (0..<ranks).filter { !waiting.present.contains($0) }, present: waiting.present.sorted(),
            purpose: purpose, seconds: now - waiting.since)
    }
}
