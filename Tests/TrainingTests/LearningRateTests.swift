import Catalogues
import Training
import XCTest

final class LearningRateTests: XCTestCase {
    func testConstantRateStaysAtThePeak() throws {
        let schedule = try schedule("constant")
        XCTAssertEqual((0..<40).map(schedule.rate(atStep:)), Array(repeating: 0.4, count: 40))
    }

    func testWarmUpRisesInEqualStepsAndReachesThePeak() throws {
        let schedule = try schedule("constant", warmUpEpochs: 0.5)
        XCTAssertEqual(schedule.warmUpSteps, 5)
        for (step, rate) in [0.08, 0.16, 0.24, 0.32, 0.4, 0.4].enumerated() {
            XCTAssertEqual(schedule.rate(atStep: step), rate, accuracy: 1e-15)
        }
    }

    func testCosineStartsAtThePeakPassesHalfInTheMiddleAndEndsAtZero() throws {
        let schedule = try schedule("cosine")
        XCTAssertEqual(schedule.rate(atStep: 0), 0.4)
        // cos(π/4) = √½, cos(π/3) = ½
        XCTAssertEqual(schedule.rate(atStep: 10), 0.2 * (1 + 0.5.squareRoot()), accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 20), 0.2, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 40), 0, accuracy: 1e-15)
        XCTAssertGreaterThan(schedule.rate(atStep: 39), 0)
    }

    func testCosineBeginsAfterTheWarmUpAndCoversWhatIsLeft() throws {
        let schedule = try schedule("cosine", warmUpEpochs: 1)
        XCTAssertEqual(schedule.rate(atStep: 0), 0.04, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 9), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 10), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 20), 0.3, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 25), 0.2, accuracy: 1e-15)
        XCTAssertEqual(schedule.rate(atStep: 40), 0, accuracy: 1e-15)
    }

    func testStepsMultiplyAtTheStartOfTheirEpochs() throws {
        let schedule = try schedule("step", stepEpochs: [1, 3], stepFactor: 0.5)
        XCTAssertEqual(schedule.rate(atStep: 9), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 10), 0.2)
        XCTAssertEqual(schedule.rate(atStep: 29), 0.2)
        XCTAssertEqual(schedule.rate(atStep: 30), 0.1)
        XCTAssertEqual(schedule.rate(atStep: 39), 0.1)
    }

    func testARunOfNothingButWarmUpHasFiniteRates() throws {
        let schedule = try schedule("cosine", warmUpEpochs: 4)
        XCTAssertEqual(schedule.rate(atStep: 39), 0.4)
        XCTAssertEqual(schedule.rate(atStep: 40), 0.4)
    }

    func testProgressCountsFromTheEndOfTheWarmUpAndInWholeEpochs() {
        let rate = LearningRate(
            peak: 2, schedule: { $0.share + 100 * Double($0.epoch) }, warmUpEpochs: 0.5, stepsPerEpoch: 10, epochs: 4)
        XCTAssertEqual(rate.rate(atStep: 5), 0)
        XCTAssertEqual(rate.rate(atStep: 12), 2 * (7 / 35.0 + 100))
        XCTAssertEqual(rate.rate(atStep: 40), 2 * (1 + 400))
        XCTAssertEqual(rate.rate(atStep: 400), 2 * (1 + 4000), "the share stays at its end")
    }

    func testTheLastStepOfEveryEpochMayHaveASmallerRate() {
        let rate = LearningRate(
            peak: 8, schedule: { _ in 1 }, warmUpEpochs: 1, stepsPerEpoch: 4, epochs: 3, lastStepFactor: 0.25)
        XCTAssertEqual((0..<12).map(rate.rate(atStep:)), [2, 4, 6, 2, 8, 8, 8, 2, 8, 8, 8, 2])
    }

    /// Goyal et al. 2017: "when the minibatch size is multiplied by k, multiply the learning rate by k".
    func testTheRateForAGlobalBatchScalesWithWorkersAndBatch() {
        var settings = TrainingSettings()
        settings.learningRate = 0.1
        settings.batch = 32
        XCTAssertEqual(settings.peakRate(workers: 8), 0.1)
        settings.learningRateImages = 256
        XCTAssertEqual([1, 8, 16].map(settings.peakRate(workers:)), [0.0125, 0.1, 0.2])
        settings.batch = 4
        XCTAssertEqual(settings.peakRate(workers: 64), 0.1, "as many images, as large a rate")
    }

    func testTheCatalogueTellsOfEverySchedule() {
        XCTAssertEqual(Set(Schedules.catalogue.map(\.name)).count, Schedules.catalogue.count)
        XCTAssertTrue(Schedules.catalogue.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
    }

    /// Four epochs of ten steps.
    private func schedule(
        _ name: String, warmUpEpochs: Double = 0, stepEpochs: [Int] = [], stepFactor: Double = 0.1
    ) throws -> LearningRate {
        var settings = TrainingSettings()
        settings.stepEpochs = stepEpochs
        settings.stepFactor = stepFactor
        let schedule = try XCTUnwrap(Schedules.catalogue.named(name)).make(settings)
        return LearningRate(
            peak: 0.4, schedule: schedule, warmUpEpochs: warmUpEpochs, stepsPerEpoch: 10, epochs: 4)
    }
}
