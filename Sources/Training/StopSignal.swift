import Foundation
import Synchronization

/// Whether the process was asked to stop by SIGTERM or SIGUSR1, which batch systems send before they kill.
///
/// The first signal only raises a flag that the training loop reads after each step; the second ends the process at
/// once.
public enum StopSignal {
    private static let count = Atomic<Int>(0)

    /// Starts watching.
    public static func watch() {
        // Made before a handler can ask for it: making it there would not be safe.
        count.store(0, ordering: .relaxed)
        for number in [SIGTERM, SIGUSR1] {
            signal(number) { number in
                if StopSignal.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
            }
        }
    }

    /// Whether a signal came.
    public static var isRaised: Bool { count.load(ordering: .relaxed) > 0 }
}
