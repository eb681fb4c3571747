import Files
import Foundation
import MPI
import Reports
import Training

/// Tells how far a run is, on standard error: on a terminal one line that is written over and over, otherwise a plain
/// line an epoch.
package final class Progress {
    private let isShown: Bool
    private let title: String?
    private let display: ProgressDisplay
    private var label = ""
    private var steps = 0
    private var stepsPerEpoch = 1
    private var start = 0.0
    private var lastShown = 0.0
    private var images = 0
    private var stepsBefore = 0

    /// - Parameters:
    ///   - isShown: only on the first rank, and not when quiet.
    ///   - title: what the line begins with; nil: the name of the norm.
    package init(isShown: Bool, title: String? = nil) {
        self.isShown = isShown
        self.title = title
        display = ProgressDisplay()
    }

    /// Whether it is one line that is written over and over.
    package static var isOneLine: Bool { ProgressDisplay().isOverwritten }

    /// A run begins, or goes on after `stepsBefore` steps.
    func begin(_ label: String, after stepsBefore: Int, steps: Int, stepsPerEpoch: Int) {
        self.stepsBefore = stepsBefore
        self.label = title ?? label
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
            display.isOverwritten
            ? now - lastShown >= 0.2 || report.step == steps : report.step % stepsPerEpoch == 0
        guard isDue else { return }
        lastShown = now
        let line = ProgressLine(
            label: label, step: report.step, steps: steps, stepsPerEpoch: stepsPerEpoch, stepsBefore: stepsBefore,
            loss: report.loss, images: images, seconds: now - start)
        StandardError.write(
            display.isOverwritten
                ? display.lineStart + line.text(columns: display.columns) : line.text(columns: nil) + "\n")
    }

    /// Seconds that went into something else than steps.
    func leaveOut(seconds: Double) { start += seconds }

    /// The run is over: the line makes room for what comes next.
    func end() {
        if isShown { StandardError.write(display.lineStart) }
    }
}
