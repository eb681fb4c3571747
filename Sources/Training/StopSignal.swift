import Foundation
import Synchronization

/// Whether the process was asked to end by one of the signals that people and batch systems send.
///
/// While a training is under way the first signal only raises a flag that the loop reads after each step, and the second
/// ends the process at once; at any other time the first one does, with the exit status that shells give: 128 and the
/// signal's number.
public enum StopSignal {
    private static let count = Atomic<Int>(0)
    private static let isLeftToTheLoop = Atomic<Bool>(false)
    private static let isLeftToTheStudy = Atomic<Bool>(false)
    /// Those that ask, in contrast to those that tell of a fault in the program.
    private static let numbers = [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]

    /// Starts watching.
    ///
    /// - Parameter leavingItToTheLoop: whether a training is to come that looks at `isRaised`.
    public static func watch(leavingItToTheLoop: Bool) {
        // Made before a handler can ask for them: making them there would not be safe.
        count.store(0, ordering: .relaxed)
        isLeftToTheLoop.store(leavingItToTheLoop, ordering: .relaxed)
        for number in numbers {
            let before = signal(number) { number in
                let isFirst = StopSignal.count.wrappingAdd(1, ordering: .relaxed).oldValue == 0
                let isLeft =
                    StopSignal.isLeftToTheLoop.load(ordering: .relaxed)
                    || StopSignal.isLeftToTheStudy.load(ordering: .relaxed)
                if !isFirst || !isLeft { _exit(128 + number) }
            }
            // Whoever started the program with nohup does not want it to hear.
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
    }

    /// Whether the loop looks at `isRaised` from now on, or a signal ends the process at once.
    public static func leaveToTheLoop(_ isLeft: Bool) {
        isLeftToTheLoop.store(isLeft, ordering: .sequentiallyConsistent)
    }

    /// Whether somebody looks at `isRaised` between trainings too: a rank that ended at once would take the trainings of
    /// others with it, before they have written a checkpoint.
    public static func leaveToTheStudy(_ isLeft: Bool) {
        isLeftToTheStudy.store(isLeft, ordering: .sequentiallyConsistent)
    }

    /// Whether a signal came.
    public static var isRaised: Bool { count.load(ordering: .sequentiallyConsistent) > 0 }
}
