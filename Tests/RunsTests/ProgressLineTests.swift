import XCTest

@testable import Runs

/// What the line says that tells how far a run is.
final class ProgressLineTests: XCTestCase {
    private func line(
        _ label: String = "syncbn", step: Int, of steps: Int, after stepsBefore: Int = 0, images: Int = 640,
        seconds: Double
    ) -> ProgressLine {
        ProgressLine(
            label: label, step: step, steps: steps, stepsPerEpoch: min(steps, 10), stepsBefore: stepsBefore, loss: 2.25,
            images: images, seconds: seconds)
    }

    func testTheTimeLeftFollowsTheStepsThatWereDone() {
        XCTAssertEqual(
            line(step: 20, of: 100, images: 640, seconds: 10).text(columns: nil),
            "syncbn  epoch 2/10  step 20/100  loss 2.2500  64 images/s  40 s left")
    }

    /// 10 steps in 5 s, the 80 before them in another life.
    func testTheTimeLeftAfterAResumeForgetsTheStepsBefore() {
        let resumed = line(step: 90, of: 100, after: 80, images: 320, seconds: 5)
        XCTAssertEqual(resumed.secondsLeft, 5)
        XCTAssertEqual(resumed.imagesPerSecond, 64)
        XCTAssertEqual(line(step: 81, of: 100, after: 80, seconds: 2).secondsLeft, 38)
    }

    func testARunOfOneStepHasAWholeLine() {
        XCTAssertEqual(
            line("gn", step: 1, of: 1, images: 32, seconds: 0.5).text(columns: 80),
            "gn      epoch 1/1  step 1/1  loss 2.2500  64 images/s  0 s left")
        XCTAssertFalse(line(step: 1, of: 1, seconds: 0).text(columns: 80).contains("nan"))
    }

    func testANarrowTerminalGetsWhatMattersMostAndNoBrokenLine() {
        let whole = line(step: 120, of: 9380, seconds: 30)
        XCTAssertEqual(whole.text(columns: 50), "syncbn  step 120/9380  loss 2.2500  2315 s left")
        XCTAssertEqual(whole.text(columns: 30), "step 120/9380  2315 s left")
        XCTAssertEqual(whole.text(columns: 20), "step 120/9380")
        for columns in 0..<120 {
            XCTAssertLessThan(whole.text(columns: columns).count, max(1, columns), "\(columns)")
        }
    }

    func testDumbTerminalsAndThoseWhoWantNoColourGetPlainLines() {
        XCTAssertTrue(ProgressDisplay.understandsEscapes(["TERM": "xterm-256color"]))
        XCTAssertTrue(ProgressDisplay.understandsEscapes(["TERM": "vt100", "NO_COLOR": ""]))
        XCTAssertFalse(ProgressDisplay.understandsEscapes(["TERM": "dumb"]))
        XCTAssertFalse(ProgressDisplay.understandsEscapes([:]))
        XCTAssertFalse(ProgressDisplay.understandsEscapes(["TERM": "xterm", "NO_COLOR": "1"]))
    }
}
