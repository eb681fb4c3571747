import Training
import XCTest

final class LearningRateScheduleTests: XCTestCase {
    func testConstantRateStaysAtThePeak() {
        let schedule = schedule(.constant)
        XCTAssertEqual((0..<40).map(schedule.rate(atStep:)), Array(repeating: 0.4, count: 40))
    }

    func testWarmUpRisesInEqualStepsAndReachesThePeak() {
        let schedule = schedule(.constant, warmUpEpochs: 0.5)
        XCTAssertEqual(schedule.warmUpSteps, 5)
        for (step, rate) in [0.08, 0.16, 0.24, 0.32, 0.4, 0.4].enumerated() {
            XCTAssertEqual(schedule.rate(atStep: step), rate, accuracy: 1e-15)
        }
    }

    func testCosineStartsAtThePeakPassesHalfInTheMiddleAndEndsAtZero() {
        let schedule = schedule(.cosine)
        XCTAssertEqual(schedule.rate(atStep: 0), 0.4)
        // cos(π/4) = √½, cos(π/3) = ½
        XCTAssertEqual(schedule.rate(atStep: 10), 0.2 * (1 + 0.5.squareRoot()), accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 20), 0.2, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 40), 0, accuracy: 1e-15)
        XCTAssertGreaterThan(schedule.rate(atStep: 39), 0)
    }

    func testCosineBeginsAfterTheWarmUpAndCoversWhatIsLeft() {
        let schedule = schedule(.cosine, warmUpEpochs: 1)
        XCTAssertEqual(schedule.rate(atStep: 0), 0.04, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 9), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 10), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 20), 0.3, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 25), 0.2, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 40), 0, accuracy: 1e-15)
    }

    func testStepsMultiplyAtTheStartOfTheirEpochs() {
        let schedule = schedule(.steps(epochs: [1, 3], factor: 0.5))
        XCTAssertEqual(schedule.rate(atStep: 9), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 10), 0.2)
        XCTAssertEqual(schedule.rate(atStep: 29), 0.2)
        XCTAssertEqual(schedule.rate(atStep: 30), 0.1)
        XCTAssertEqual(schedule.rate(atStep: 39), 0.1)
    }

    func testARunOfNothingButWarmUpHasFiniteRates() {
        let schedule = schedule(.cosine, warmUpEpochs: 4)
        XCTAssertEqual(schedule.rate(atStep: 39), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 40), 0.4)
    }

    /// Four epochs of ten steps.
    private func schedule(_ decay: LearningRateSchedule.Decay, warmUpEpochs: Double = 0) -> LearningRateSchedule {
        LearningRateSchedule(peak: 0.4, decay: decay, warmUpEpochs: warmUpEpochs, stepsPerEpoch: 10, epochs: 4)
    }
}
