import Foundation
import Reports

/// How far a run is, in one line, as long as a terminal allows.
struct ProgressLine {
    let label: String
    /// Steps that are done, of all.
    let step: Int
    let steps: Int
    let stepsPerEpoch: Int
    /// Steps that an earlier start of the program has done: they took no time of this one's.
    let stepsBefore: Int
    let loss: Double
    /// Images of the steps since then, and the seconds that these have taken.
    let images: Int
    let seconds: Double

    /// Seconds until the last step, if the others take as long as those of this start.
    var secondsLeft: Double { seconds / Double(step - stepsBefore) * Double(steps - step) }

    var imagesPerSecond: Double { Double(images) / max(seconds, .leastNormalMagnitude) }

    /// The line, with everything in it where there is room; what can be spared most goes first.
    ///
    /// A line that fills the last column is broken in two by some terminals, and only its second half could be written
    /// over: so it stays below.
    ///
    /// - Parameter columns: of the terminal; nil: any number.
    func text(columns: Int?) -> String {
        let name = label.padding(toLength: max(6, label.count), withPad: " ", startingAt: 0)
        let epoch = "epoch \((step - 1) / stepsPerEpoch + 1)/\(steps / stepsPerEpoch)"
        let position = "step \(step)/\(steps)"
        let loss = "loss \(shown(loss: loss))"
        let speed = String(format: "%.0f images/s", imagesPerSecond)
        let left = String(format: "%.0f s left", secondsLeft.rounded(.up))
        let lines = [
            [name, epoch, position, loss, speed, left], [name, position, loss, speed, left],
            [name, position, loss, left], [label, position, left], [position, left], [position],
        ].map { $0.joined(separator: "  ") }
        guard let columns else { return lines[0] }
        return lines.first { $0.count < columns } ?? String(position.prefix(max(0, columns - 1)))
    }
}
