import Experiments
import XCTest

/// Values of the right kind that no run can have.
final class ConfigurationRangeTests: XCTestCase {
    private func validate(
        _ yaml: String, for command: Configuration.Command = .train, ranks: Int = 4
    ) throws -> Configuration {
        try ConfigurationDraft(yaml: yaml, file: "run.yaml")
            .validated(for: command, ranks: ranks, channels: [32, 64, 128])
    }

    private func assertRefused(
        _ yaml: String, for command: Configuration.Command = .train, ranks: Int = 4, _ message: String,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try validate(yaml, for: command, ranks: ranks), line: line) { error in
            XCTAssertEqual("\(error)", message, line: line)
        }
    }

    func testWholeNumbersBelowOneAreRefused() {
        let keys = [
            "training.batch", "training.epochs", "dataset.trainImages", "evaluation.batch", "normalization.groups",
        ]
        for key in keys {
            let parts = key.split(separator: ".")
            for value in [0, -3] {
                assertRefused(
                    "seed: 5\n\(parts[0]):\n  # below\n  \(parts[1]): \(value)\n",
                    "run.yaml:4: \(key) is \(value), but must be 1 or more")
            }
        }
        assertRefused("workers: 0\n", "run.yaml:1: workers is 0, but must be 1 or more")
        assertRefused("seed: -1\n", "run.yaml:1: seed is -1, but must be 0 or more")
    }

    func testADigestWithoutAFileOfInitialWeightsIsRefused() throws {
        assertRefused(
            "model:\n  initialWeightsSHA256: abc\n",
            "run.yaml:2: model.initialWeightsSHA256 is abc, "
                + "but there is no file in model.initialWeights that it could be of")
        let both = try validate("model:\n  initialWeightsSHA256: abc\n  initialWeights: weights\n")
        XCTAssertEqual(both.model.initialWeights, "weights")
    }

    func testRatesOutOfTheirRangesAreRefused() {
        for value in ["0.0", "-0.1"] {
            assertRefused(
                "training:\n  learningRate: \(value)\n",
                "run.yaml:2: training.learningRate is \(value), but must be above 0 and finite")
            assertRefused(
                "normalization:\n  epsilon: \(value)\n",
                "run.yaml:2: normalization.epsilon is \(value), but must be above 0 and finite")
        }
        for (value, text) in [(".nan", "nan"), (".inf", "inf")] {
            assertRefused(
                "training:\n  learningRate: \(value)\n",
                "run.yaml:2: training.learningRate is \(text), but must be above 0 and finite")
            assertRefused(
                "training:\n  weightDecay: \(value)\n",
                "run.yaml:2: training.weightDecay is \(text), but must be 0 or more and finite")
        }
        assertRefused(
            "training:\n  momentum: 1.0\n", "run.yaml:2: training.momentum is 1.0, but must be from 0 to below 1")
        assertRefused(
            "normalization:\n  momentum: 1.5\n",
            "run.yaml:2: normalization.momentum is 1.5, but must be from 0 to 1 or 'cumulative'")
        assertRefused(
            "training:\n  warmUpEpochs: -1.0\n",
            "run.yaml:2: training.warmUpEpochs is -1.0, but must be 0 or more and finite")
        assertRefused(
            "training:\n  stepFactor: 2.0\n",
            "run.yaml:2: training.stepFactor is 2.0, but must be above 0 and at most 1")
    }

    func testTheEndsOfTheRangesAreAllowed() throws {
        let yaml = """
            seed: 0
            normalization: {momentum: 1, groups: 32}
            training: {batch: 1, epochs: 1, momentum: 0, weightDecay: 0, stepFactor: 1, warmUpEpochs: 0.5}
            """
        XCTAssertNoThrow(try validate(yaml, for: .compare))
        XCTAssertNoThrow(try validate("normalization: {momentum: 0}"))
        XCTAssertNoThrow(try validate("normalization: {momentum: cumulative}"))
    }

    func testFewerWorkersThanRanksAreRefusedWithBothNumbers() throws {
        assertRefused(
            "seed: 1\nworkers: 3\n",
            "run.yaml:2: workers is 3, but there are 4 ranks, and each needs a worker: start at most 3 (mpirun -np 3) "
                + "or set workers to 4 or more")
        XCTAssertNoThrow(try validate("workers: 4\n"))
        XCTAssertNoThrow(try validate("workers: 32\n", ranks: 3))
    }

    func testGroupsThatDoNotDivideTheChannelsAreRefusedWhereGroupNormIsTrained() throws {
        let yaml = "normalization:\n  groups: 64\n"
        let message =
            "run.yaml:2: normalization.groups is 64, but must divide the channels of every layer, and there is one of 32"
        assertRefused(yaml, for: .compare, message)
        assertRefused("normalization:\n  groups: 64\n  norm: gn\n", message)
        XCTAssertNoThrow(try validate(yaml))
        XCTAssertNoThrow(try validate(yaml + "compare: {norms: [bn, syncbn]}\n", for: .compare))
    }

    func testAGhostBatchLargerThanTheBatchIsRefused() throws {
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: ghost:5\ntraining:\n  batch: 4\n",
            "run.yaml:3: normalization.statistics is ghost:5, but a ghost batch can't exceed training.batch, "
                + "which is 4")
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: ghost:0\n",
            "run.yaml:3: normalization.statistics is ghost:0, but a ghost batch has 1 or more samples")
        let uneven = try validate("normalization: {norm: bn, statistics: 'ghost:3'}\ntraining: {batch: 4}\n")
        XCTAssertEqual(uneven.normalization.statistics, .ghost(3))
    }

    func testGroupsOfWorkersThatDoNotDivideTheWorkersAreRefused() {
        let yaml = "normalization:\n  norm: bn\n  statistics: workers:3\n"
        assertRefused(
            yaml, "run.yaml:3: normalization.statistics is workers:3, but 3 does not divide the number of workers, 4")
        assertRefused(
            "normalization:\n  norm: bn\n  statistics: workers:0\n",
            "run.yaml:3: normalization.statistics is workers:0, but a group has 1 or more workers")
        XCTAssertNoThrow(try validate(yaml, ranks: 3))
        XCTAssertNoThrow(try validate(yaml + "workers: 6\n"))
    }

    func testStatisticsThatContradictSyncbnAreRefused() {
        assertRefused(
            "normalization:\n  statistics: worker\n",
            "run.yaml:2: normalization.statistics is worker, but the norm 'syncbn' means 'world': "
                + "choose the norm 'bn' for other groups")
        XCTAssertNoThrow(try validate("normalization: {statistics: world}\n"))
        XCTAssertNoThrow(try validate("normalization: {statistics: worker}\n", for: .compare))
    }

    func testTheNormBatchNeedsStatistics() {
        let message =
            "normalization.statistics is not set, but the norm 'batch' needs it: ghost:n, worker, workers:k, world"
        assertRefused("normalization:\n  norm: batch\n", message)
        assertRefused("compare:\n  norms: [batch]\n", for: .compare, message)
        XCTAssertNoThrow(try validate("normalization: {norm: batch, statistics: worker}\n"))
    }

    func testTheScheduleStepNeedsAscendingEpochs() {
        assertRefused(
            "training:\n  schedule: step\n",
            "training.stepEpochs is [], but the schedule 'step' needs at least one epoch at which to step")
        for epochs in ["[3, 3]", "[5, 2]", "[0, 2]"] {
            assertRefused(
                "training:\n  stepEpochs: \(epochs)\n",
                "run.yaml:2: training.stepEpochs is \(epochs), but must ascend from 1 or more")
        }
        XCTAssertNoThrow(try validate("training: {schedule: step, stepEpochs: [1, 3]}\n"))
    }

    func testComparingNothingOrANormTwiceIsRefused() {
        assertRefused(
            "compare:\n  norms: []\n", for: .compare, "run.yaml:2: compare.norms is empty, but needs at least one norm")
        assertRefused(
            "compare:\n  norms: [bn, gn, bn]\n", for: .compare,
            "run.yaml:2: compare.norms is bn, gn, bn, but names 'bn' twice")
    }

    func testAValueOutOfRangeNamesTheOptionItCameFrom() throws {
        var draft = try ConfigurationDraft(yaml: "training: {batch: 3}\n", file: "run.yaml")
        try draft.set("training.batch", to: "0", option: "--batch")
        XCTAssertThrowsError(try draft.validated(for: .train, ranks: 1, channels: [32])) { error in
            XCTAssertEqual("\(error)", "--batch 0: training.batch is 0, but must be 1 or more")
        }
    }

    func testANullInAFileIsAlsoAPlace() {
        assertRefused(
            "normalization:\n  norm: batch\n  statistics: null\n",
            "run.yaml:3: normalization.statistics is not set, but the norm 'batch' needs it: "
                + "ghost:n, worker, workers:k, world")
    }
}
