import Foundation
import Logging
import MPI

/// One start of the program on all its ranks.
public final class Session {
    /// All ranks.
    public let communicator: Communicator
    /// For notices; silent on all ranks but the first.
    public let logger: Logger

    /// Enters MPI and starts logging.
    ///
    /// - Parameter quiet: whether only warnings are shown.
    public init(quiet: Bool) throws {
        try MPIEnvironment.start()
        communicator = try Communicator.world
        var logger = Logger(label: "normtrain") { _ in NoticeHandler() }
        logger.logLevel = communicator.rank > 0 ? .critical : quiet ? .warning : .info
        self.logger = logger
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
        if let failure = try communicator.firstFailure(message) {
            throw AgreedFailure(rank: failure.rank, message: failure.message)
        }
        return try result.get()
    }

    /// Does something on the first rank only, and makes all ranks fail when it throws there.
    public func onFirst(_ body: () throws -> Void) throws {
        try agree { if isFirst { try body() } }
    }
}

/// An error that all ranks know of.
public struct AgreedFailure: Error, Equatable, CustomStringConvertible {
    /// The lowest rank that failed.
    public let rank: Int
    /// What it had to say.
    public let message: String

    /// One sentence; the rank is named unless it is the first, whose errors are mostly everybody's.
    public var description: String { rank == 0 ? message : "rank \(rank): \(message)" }
}

/// An error's sentence for a person.
public func sentence(of error: any Error) -> String {
    "\(error)"
}
