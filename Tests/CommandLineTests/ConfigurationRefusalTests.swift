import XCTest

/// Settings that no run can have.
final class ConfigurationRefusalTests: CommandLineTestCase {
    func testAMisspeltKeyInAFileIsNamedWithItsLineAndTheNearestKey() throws {
        try write("seed: 3\ntraining:\n  batch: 2\n  epoch: 1\n", to: "run.yaml")
        try assertRefused(
            ["train", "--config", "run.yaml"],
            "run.yaml:4: expected a key of training, found 'epoch'; did you mean 'epochs'?")
        try assertRefused(
            ["compare", "--config", "run.yaml"],
            "run.yaml:4: expected a key of training, found 'epoch'; did you mean 'epochs'?")
    }

    func testAnUnknownSectionIsNamedWithItsLineAndTheNearestOne() throws {
        try write("# a comment\nnormalisaton: {norm: bn}\n", to: "run.yaml")
        try assertRefused(
            ["train", "--config", "run.yaml"],
            "run.yaml:2: expected a key of the configuration, found 'normalisaton'; did you mean 'normalization'?")
    }

    func testAValueOfAWrongTypeIsRefused() throws {
        try write("training:\n  batch: two\n", to: "run.yaml")
        try assertRefused(
            ["train", "--config", "run.yaml"],
            "run.yaml:2: training.batch: expected a whole number from 1, found 'two'.")
        try assertRefused(
            ["train", "--lr", "fast"], "--lr fast: expected a number above 0.")
    }

    func testAMissingConfigurationFileIsRefused() throws {
        try assertRefused(
            ["train", "--config", "none.yaml"], "none.yaml: the file can't be read (there is no such file).")
    }

    func testABatchOfNothingIsRefused() throws {
        try assertRefused(["train", "--batch", "0"], "--batch 0: expected a whole number from 1.")
    }

    func testGroupsThatDoNotDivideTheChannelsAreRefused() throws {
        try assertRefused(
            ["train", "--norm", "gn", "--groups", "7"],
            "--groups 7: expected a divisor of the channels of every layer, and there is one of 32.")
    }

    func testFewerWorkersThanRanksAreRefused() throws {
        try assertRefused(
            ["train", "--workers", "2"], ranks: 3,
            "--workers 2: expected 3 or more, one for each rank; start at most 2 (mpirun -np 2) or set workers to "
                + "3 or more.")
    }

    func testGroupsOfWorkersThatDoNotDivideTheWorkersAreRefused() throws {
        try assertRefused(
            ["train", "--norm", "bn", "--workers", "3", "--statistics", "workers:2"],
            "--statistics workers:2: expected groups that divide the number of workers, 3.")
    }

    func testAGhostBatchLargerThanTheBatchIsRefused() throws {
        try assertRefused(
            ["train", "--norm", "bn", "--batch", "4", "--statistics", "ghost:5"],
            "--statistics ghost:5: expected a ghost batch of at most training.batch, which is 4.")
    }

    func testCountsBeyondAllReasonAreRefused() throws {
        let most = "\(Int.max)"
        try assertRefused(
            ["train", "--epochs", most], "--epochs \(most): expected a whole number from 1 to 1000000.")
        try assertRefused(
            ["train", "--workers", most], "--workers \(most): expected a whole number from 1 to 16384.")
        try assertRefused(
            ["train", "--set", "training.warmUpEpochs=1e300"],
            "--set training.warmUpEpochs=1e300: expected at most training.epochs, which is 2, found '1e+300'.")
    }

    /// By default mpirun kills the other ranks as soon as one has failed: the one that speaks must have spoken.
    func testTheSentenceIsHeardUnderMpirunsDefaultsToo() throws {
        let outcome = try start(
            "mpirun", ["-q", "--oversubscribe", "-np", "3", Self.binary, "train", "--batch", "0"])
        assertRefused(outcome, "--batch 0: expected a whole number from 1.")
    }

    func testNumbersOfOptionsThatAreNoKeysAreWrittenInDecimalDigits() throws {
        let options: [(command: [String], option: String, expected: String)] = [
            (["train"], "--threads", "a whole number from 1 to 1024"),
            (["train"], "--stall-seconds", "a number from 0"), (["train"], "--stall-abort", "a number from 0"),
            (["bench"], "--steps", "a whole number from 1"),
            (["bench", "kernels"], "--rounds", "a whole number from 1"),
        ]
        for (command, option, expected) in options {
            for number in ["010", "0x10", "1_000", "1:30", "٣", "nan", "inf", "1e999", ""] {
                let advice = number.first?.isNumber == true && number != "1e999" ? "; write it in decimal digits" : ""
                assertRefused(
                    try start(Self.binary, command + [option, number]),
                    "\(option) \(number): expected \(expected)\(advice): see normtrain --help.")
            }
        }
    }

    func testUnknownOptionsAndSubcommandsAreRefused() throws {
        try assertRefused(["train", "--bach", "2"], "Unknown option '--bach'. Did you mean '--batch'?")
        try assertRefused(["trian"], "Unexpected argument 'trian': see normtrain --help.")
        try assertRefused(["eval"], "Missing expected argument '<run>': see normtrain --help.")
        try assertRefused(["train", "--batch"], "Missing value for '--batch <images>': see normtrain --help.")
    }
}
