import Settings
import XCTest

/// Values of the right kind that no run can have.
final class ConfigurationRangeTests: XCTestCase {
    private func validate(
        _ yaml: String, for command: Configuration.Command = .train, ranks: Int = 4
    ) throws -> Configuration {
        try ConfigurationDraft(yaml: yaml, file: "run.yaml").validated(for: command, ranks: ranks)
    }

    private func assertRefused(
        _ yaml: String, for command: Configuration.Command = .train, ranks: Int = 4, _ message: String,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try validate(yaml, for: command, ranks: ranks), line: line) { error in
            XCTAssertEqual("\(error)", message, line: line)
        }
    }

    func testAKeyThatIsOutOfRangeIsRefusedWithItsFileAndLine() {
        let keys = [
            "training.batch", "dataset.trainImages", "evaluation.batch", "evaluation.preciseImages",
            "normalization.groups",
        ]
        for key in keys {
            let parts = key.split(separator: ".")
            for value in [0, -3] {
                assertRefused(
                    "seed: 5\n\(parts[0]):\n  # below\n  \(parts[1]): \(value)\n",
                    "run.yaml:4: \(key): expected a whole number from 1, found '\(value)'")
            }
        }
        assertRefused("workers: 0\n", "run.yaml:1: workers: expected a whole number from 1 to 16384, found '0'")
        assertRefused("seed: -1\n", "run.yaml:1: seed: expected a whole number from 0, found '-1'")
        assertRefused(
            "training: {epochs: 0}\n",
            "run.yaml:1: training.epochs: expected a whole number from 1 to 1000000, found '0'")
        assertRefused(
            "training:\n  stepEpochs:\n  - 2\n  - 0\n",
            "run.yaml:4: training.stepEpochs: expected a whole number from 1, found '0'")
    }

    func testRatesOutOfTheirRangesAreRefused() {
        for value in ["0.0", "-0.1", ".nan", ".inf"] {
            assertRefused(
                "training:\n  learningRate: \(value)\n",
                "run.yaml:2: training.learningRate: expected a number above 0, found '\(value)'")
            assertRefused(
                "normalization:\n  epsilon: \(value)\n",
                "run.yaml:2: normalization.epsilon: expected a number above 0, found '\(value)'")
        }
        for value in ["-1.0", ".nan", ".inf"] {
            for key in ["weightDecay", "warmUpEpochs"] {
                assertRefused(
                    "training:\n  \(key): \(value)\n",
                    "run.yaml:2: training.\(key): expected a number from 0, found '\(value)'")
            }
        }
        assertRefused(
            "training:\n  momentum: 1.0\n",
            "run.yaml:2: training.momentum: expected a number from 0 and below 1, found '1.0'")
        assertRefused(
            "normalization:\n  momentum: 1.5\n",
            "run.yaml:2: normalization.momentum: expected a number from 0 to 1 or 'cumulative', found '1.5'")
        assertRefused(
            "training:\n  stepFactor: 2.0\n",
            "run.yaml:2: training.stepFactor: expected a number above 0 and up to 1, found '2.0'")
    }

    func testTheEndsOfTheRangesAreAllowed() throws {
        let yaml = """
            seed: 0
            workers: 16384
            normalization: {momentum: 1, groups: 32}
            training: {batch: 1, epochs: 1, momentum: 0, weightDecay: 0, stepFactor: 1, warmUpEpochs: 0.5}
            """
        XCTAssertNoThrow(try validate(yaml, for: .compare))
        XCTAssertNoThrow(try validate("normalization: {momentum: 0}"))
        XCTAssertNoThrow(try validate("normalization: {momentum: cumulative}"))
    }

    func testADigestWithoutAFileOfInitialWeightsIsRefused() throws {
        assertRefused(
            "model:\n  initialWeightsSHA256: abc\n",
            "run.yaml:2: model.initialWeightsSHA256: expected null, since there is no file in model.initialWeights "
                + "that it could be of, found 'abc'")
        let both = try validate("model:\n  initialWeightsSHA256: abc\n  initialWeights: weights\n")
        XCTAssertEqual(both.model.initialWeights, "weights")
    }

    func testFewerWorkersThanRanksAreRefusedWithBothNumbers() throws {
        assertRefused(
            "seed: 1\nworkers: 3\n",
            "run.yaml:2: workers: expected 4 or more, one for each rank, found '3'; start at most 3 "
                + "(mpirun -np 3) or set workers to 4 or more")
        XCTAssertNoThrow(try validate("workers: 4\n"))
        XCTAssertNoThrow(try validate("workers: 32\n", ranks: 3))
    }

    func testAGhostBatchLargerThanTheBatchIsRefused() throws {
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: ghost:5\ntraining:\n  batch: 4\n",
            "run.yaml:3: normalization.statistics: expected a ghost batch of at most training.batch, which is 4, "
                + "found 'ghost:5'")
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: ghost:0\n",
            "run.yaml:3: normalization.statistics: expected a ghost batch of 1 or more samples, found 'ghost:0'")
        let uneven = try validate("normalization: {norm: bn, statistics: 'ghost:3'}\ntraining: {batch: 4}\n")
        XCTAssertEqual(uneven.normalization.statistics, .ghost(3))
    }

    func testGroupsOfWorkersThatDoNotDivideTheWorkersAreRefused() {
        let yaml = "normalization:\n  norm: bn\n  statistics: workers:3\n"
        assertRefused(
            yaml,
            "run.yaml:3: normalization.statistics: expected groups that divide the number of workers, 4, "
                + "found 'workers:3'")
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: workers:0\n",
            "run.yaml:3: normalization.statistics: expected groups of 1 or more workers, found 'workers:0'")
        XCTAssertNoThrow(try validate(yaml, ranks: 3))
        XCTAssertNoThrow(try validate(yaml + "workers: 6\n"))
    }

    func testStatisticsThatContradictSyncbnAreRefused() {
        assertRefused(
            "normalization:\n  statistics: worker\n",
            "run.yaml:2: normalization.statistics: expected world or null with the norm 'syncbn', found 'worker'; "
                + "choose the norm 'bn' for other groups")
        XCTAssertNoThrow(try validate("normalization: {statistics: world}\n"))
        XCTAssertNoThrow(try validate("normalization: {statistics: worker}\n", for: .compare))
    }

    func testAWarmUpLongerThanTheTrainingIsRefused() {
        assertRefused(
            "training:\n  epochs: 3\n  warmUpEpochs: 3.5\n",
            "run.yaml:3: training.warmUpEpochs: expected at most training.epochs, which is 3, found '3.5'")
        XCTAssertNoThrow(try validate("training: {epochs: 3, warmUpEpochs: 3}\n"))
    }

    func testTheScheduleStepNeedsAscendingEpochs() {
        assertRefused(
            "training:\n  schedule: step\n",
            "training.stepEpochs: expected one epoch or more at which the schedule 'step' steps, found '[]'")
        for epochs in ["[3, 3]", "[5, 2]"] {
            assertRefused(
                "training:\n  stepEpochs: \(epochs)\n",
                "run.yaml:2: training.stepEpochs: expected epochs that ascend, found '\(epochs)'")
        }
        XCTAssertNoThrow(try validate("training: {schedule: step, stepEpochs: [1, 3]}\n"))
    }

    func testComparingNothingOrANormTwiceIsRefused() {
        assertRefused(
            "compare:\n  norms: []\n", for: .compare, "run.yaml:2: compare.norms: expected one norm or more, found '[]'"
        )
        assertRefused(
            "compare:\n  norms: [bn, gn, bn]\n", for: .compare,
            "run.yaml:2: compare.norms: expected each norm once, found '[bn, gn, bn]'")
    }

    func testAValueOutOfRangeNamesTheOptionItCameFrom() throws {
        var draft = try ConfigurationDraft(yaml: "training: {batch: 3}\n", file: "run.yaml")
        XCTAssertThrowsError(try draft.set("training.batch", to: "0", option: "--batch")) { error in
            XCTAssertEqual("\(error)", "--batch 0: expected a whole number from 1")
        }
        XCTAssertEqual(draft.configuration.training.batch, 3)
    }

    func testWhatTheNetworkRefusesNamesThePlaceOfTheKey() throws {
        var draft = try ConfigurationDraft(yaml: "seed: 1\nnormalization:\n  groups: 64\n", file: "run.yaml")
        func refusal() -> String {
            "\(draft.refusal(of: "normalization.groups", value: "64", requirement: "a divisor of 32"))"
        }
        XCTAssertEqual(refusal(), "run.yaml:3: normalization.groups: expected a divisor of 32, found '64'")
        try draft.set("normalization.groups", to: "64", option: "--groups")
        XCTAssertEqual(refusal(), "--groups 64: expected a divisor of 32")
    }
}
