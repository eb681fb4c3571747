import Files
import Foundation
import MPI
import Reports
import Training

/// Tells how far a run is, on standard error: on a terminal one line that is written over and over, otherwise a plain
/// line an epoch.
package final class Progress {
    private let isShown: Bool
    private let isTerminal: Bool
    private var label = ""
    private var steps = 0
    private var stepsPerEpoch = 1
    private var start = 0.0
    private var lastShown = 0.0
    private var images = 0
    private var stepsBefore = 0

    /// - Parameter isShown: only on the first rank, and not when quiet.
    package init(isShown: Bool) {
        self.isShown = isShown
        isTerminal = Self.standardErrorReachesTerminal
    }

    /// A run begins, or goes on after `stepsBefore` steps.
    func begin(_ label: String, after stepsBefore: Int, steps: Int, stepsPerEpoch: Int) {
        self.stepsBefore = stepsBefore
        self.label = label
        self.steps = steps
        self.stepsPerEpoch = stepsPerEpoch
        images = 0
        start = MPIEnvironment.wallSeconds
        lastShown = start
    }

    /// A step is done.
    func advance(_ report: CompletedStep) {
        guard isShown else { return }
        images += report.images
        let now = MPIEnvironment.wallSeconds
        let isDue =
            isTerminal
            ? now - lastShown >= 0.2 || report.step == steps : report.step % stepsPerEpoch == 0
        if isDue {
            lastShown = now
            StandardError.write(isTerminal ? "\r\u{1B}[K" + line(report, now) : line(report, now) + "\n")
        }
    }

    /// The run is over: the line makes room for what comes next.
    func end() {
        if isShown, isTerminal { StandardError.write("\r\u{1B}[K") }
    }

    /// Below 80 columns, so that it is not broken in two on a terminal of usual width, where only the second half could
    /// be written over.
    private func line(_ report: CompletedStep, _ now: Double) -> String {
        let elapsed = now - start
        let left = elapsed / Double(report.step - stepsBefore) * Double(steps - report.step)
        let epoch = (report.step - 1) / stepsPerEpoch + 1
        return String(
            format: "%@  epoch %d/%d  step %d/%d  loss %@  %.0f images/s  %.0f s left",
            label.padding(toLength: 6, withPad: " ", startingAt: 0), epoch, steps / stepsPerEpoch, report.step, steps,
            shown(loss: report.loss), Double(images) / elapsed, left.rounded(.up))
    }

    /// Under mpirun a rank's standard error is a pipe, and what counts is where mpirun's own leads.
    private static var standardErrorReachesTerminal: Bool {
        guard MPIEnvironment.launchedRank != nil else { return isatty(STDERR_FILENO) == 1 }
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(getppid())/fd/2")
        return target.map { $0.hasPrefix("/dev/pts/") || $0.hasPrefix("/dev/tty") } ?? false
    }
}
