import Foundation
import Logging
import MPI
import Threads
import Training

/// One start of the program on all its ranks.
public final class Session {
    /// All ranks.
    public let communicator: Communicator
    /// For notices; silent on all ranks but the first.
    public let logger: Logger
    /// Whether only warnings are shown.
    let isQuiet: Bool
    /// When to tell of ranks that others wait for.
    let stallLimits: StallWatch.Limits

    /// Enters MPI and starts logging.
    ///
    /// - Parameters:
    ///   - quiet: whether only warnings are shown.
    ///   - threads: cores that each rank uses.
    ///   - stallLimits: when to tell of ranks that others wait for.
    ///   - trains: whether a training is to come, which a signal lets finish its step.
    public init(
        quiet: Bool, threads: Int = 1, stallLimits: StallWatch.Limits = .standard, trains: Bool = false
    ) throws {
        StopSignal.watch(leavingItToTheLoop: trains)
        try MPIEnvironment.start()
        communicator = try Communicator.world
        (isQuiet, self.stallLimits) = (quiet, stallLimits)
        logger = Self.logger(on: communicator, isQuiet: quiet)
        try watchStalls(stallLimits)
        try requireEqualPrograms()
        try startThreads(threads)
    }

    /// A part of the ranks of a session that has begun; its first rank speaks for it.
    init(_ part: Communicator, of whole: Session) throws {
        communicator = part
        (isQuiet, stallLimits) = (whole.isQuiet, whole.stallLimits)
        logger = Self.logger(on: part, isQuiet: isQuiet)
        try watchStalls(stallLimits)
    }

    private static func logger(on communicator: Communicator, isQuiet: Bool) -> Logger {
        var logger = Logger(label: "normtrain") { _ in NoticeHandler() }
        logger.logLevel = communicator.rank > 0 ? .critical : isQuiet ? .warning : .info
        return logger
    }

    private func startThreads(_ count: Int) throws {
        let cores = try communicator.allreduce(MPIEnvironment.coreShare(threads: count), .min, for: "the cores")
        if count > 1, Double(count) > cores {
            let remedy = MPIEnvironment.coresAreRationed ? "raise the CPU quota here" : "give mpirun --bind-to none"
            logger.warning(
                """
                each rank has \(count) threads, but some get \(String(format: "%.3g", cores)) cores for them: \
                \(remedy), or use fewer threads.
                """)
        }
        try agree {
            guard Threads.start(count) else {
                throw AgreedFailure(rank: nil, message: "the system does not allow \(count) threads: use fewer.")
            }
        }
    }

    /// Whether this rank is the one that prints and writes.
    public var isFirst: Bool { communicator.rank == 0 }

    /// Does something that may fail on some ranks only, and makes all ranks fail together.
    ///
    /// - Throws: `AgreedFailure` on every rank when the body throws on any.
    public func agree<Value>(_ body: () throws -> Value) throws -> Value {
        let result = Result { try body() }
        var message: String?
        if case .failure(let error) = result { message = sentence(of: error) }
        guard let failure = try communicator.firstFailure(message) else { return try result.get() }
        let failedRanks = try communicator.allreduce(message == nil ? 0 : 1, .sum, for: "a failure")
        throw AgreedFailure(
            rank: failedRanks < communicator.size ? failure.rank : nil, message: failure.message)
    }

    /// Does something on the first rank only, and makes all ranks fail when it throws there.
    public func onFirst(_ body: () throws -> Void) throws {
        do {
            try agree { if isFirst { try body() } }
        } catch let failure as AgreedFailure {
            throw AgreedFailure(rank: nil, message: failure.message)
        }
    }

    /// Makes all ranks fail when one of them has another text than the first: they would go different ways, and wait
    /// for each other for ever.
    ///
    /// - Parameter refusal: what the rank that differs has to say.
    package func requireSame(_ text: String, orFailWith refusal: String) throws {
        let first = try communicator.broadcast(text, root: 0, for: "what must be the same")
        try agree {
            if text != first { throw AgreedFailure(rank: nil, message: refusal) }
        }
    }
}

/// An error that all ranks know of.
public struct AgreedFailure: Error, Equatable, CustomStringConvertible {
    /// The lowest rank that failed; nil when there is no need to name it, since all failed or only one could.
    public let rank: Int?
    /// What it had to say.
    public let message: String

    /// - Parameters:
    ///   - rank: nil when there is no need to name one.
    ///   - message: what every rank comes to alike, or was told of.
    public init(rank: Int?, message: String) {
        self.rank = rank
        self.message = message
    }

    /// An error that every rank comes to alike.
    package init(_ error: any Error) { self.init(rank: nil, message: "\(error)") }

    /// One sentence.
    public var description: String { rank.map { "rank \($0): \(message)" } ?? message }
}

/// Whether every rank comes to this error by itself, or was told of it.
public func isKnownToAllRanks(_ error: any Error) -> Bool {
    error is AgreedFailure || error is TrainingError || error is VariantFailure || error is any StoppedBySignal
}

/// An error's sentence for a person.
public func sentence(of error: any Error) -> String { sentence("\(error)") }

/// A text as one line that ends with a full stop.
public func sentence(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.last.map { ".?!".contains($0) } == true ? line : line + "."
}
