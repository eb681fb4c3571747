import Models
import Normalization
import Settings
import XCTest

/// Values set on the command line, over those of a file.
final class ConfigurationOptionTests: XCTestCase {
    private func refusal(of assignment: String) -> String? {
        var draft = ConfigurationDraft()
        do {
            try draft.set(assignment)
        } catch {
            XCTAssertEqual(draft.configuration, Configuration(), "a refused assignment changed something")
            return "\(error)"
        }
        return nil
    }

    func testAnAssignmentReplacesTheValueOfAFile() throws {
        var draft = try ConfigurationDraft(yaml: "training: {learningRate: 0.2, epochs: 9}\n", file: "run.yaml")
        try draft.set("training.learningRate=0.05")
        XCTAssertEqual(draft.configuration.training.learningRate, 0.05)
        XCTAssertEqual(draft.configuration.training.epochs, 9)
        XCTAssertEqual(
            draft.place(of: "training.learningRate"), .option("--set", key: "training.learningRate", value: "0.05"))
        XCTAssertEqual(draft.place(of: "training.epochs"), .file("run.yaml", line: 1))
        XCTAssertEqual(draft.place(of: "training.batch"), .builtIn)
    }

    func testEveryKindOfValueCanBeAssigned() throws {
        var draft = ConfigurationDraft()
        try draft.set("seed=7")
        try draft.set("dataset.trainImages=null")
        try draft.set("normalization.statistics=ghost:1")
        try draft.set("normalization.affine=false")
        try draft.set("training.stepEpochs=[4, 6]")
        try draft.set("compare.norms=[bn, gn]")
        XCTAssertEqual(draft.configuration.seed, 7)
        XCTAssertNil(draft.configuration.dataset.trainImages)
        XCTAssertEqual(draft.configuration.normalization.statistics, .ghost(1))
        XCTAssertFalse(draft.configuration.normalization.affine)
        XCTAssertEqual(draft.configuration.training.stepEpochs, [4, 6])
        XCTAssertEqual(draft.configuration.compare.norms, ["bn", "gn"])
    }

    func testAListMayGoWithoutItsBrackets() throws {
        var draft = ConfigurationDraft()
        try draft.set("compare.norms", to: "bn,in", option: "--norms")
        XCTAssertEqual(draft.configuration.compare.norms, ["bn", "in"])
        try draft.set("compare.norms", to: "gn", option: "--norms")
        XCTAssertEqual(draft.configuration.compare.norms, ["gn"])
    }

    func testAFolderIsTakenAsItIsTyped() throws {
        for folder in ["/data/a=b: c", "#1", "[old]", "null", "\"quoted\""] {
            var draft = ConfigurationDraft()
            try draft.set("dataset.directory=\(folder)")
            XCTAssertEqual(draft.configuration.dataset.directory, folder)
        }
    }

    func testErrorsNameTheOption() {
        XCTAssertEqual(
            refusal(of: "training.lr=0.1"),
            "--set training.lr=0.1: expected a key of training, found 'lr'; the keys are batch, epochs, lastBatch, shards, "
                + "learningRate, learningRateImages, schedule, stepEpochs, stepFactor, warmUpEpochs, optimiser, momentum, "
                + "beta1, beta2, optimiserEpsilon, weightDecay, decay, reduction, checkpointEvery"
        )
        XCTAssertEqual(
            refusal(of: "trainig.batch=4"),
            "--set trainig.batch=4: expected a key of the configuration, found 'trainig'; did you mean 'training'?")
        XCTAssertEqual(
            refusal(of: "learningRate=4"),
            "--set learningRate=4: expected a key of the configuration, found 'learningRate'; did you mean 'training.learningRate'?"
        )
        XCTAssertEqual(
            refusal(of: "training.batch=two"),
            "--set training.batch=two: expected a whole number from 1")
        XCTAssertEqual(
            refusal(of: "training.batch="),
            "--set training.batch=: expected a whole number from 1, found nothing")
        XCTAssertEqual(
            refusal(of: "model.name=zzz"),
            "--set model.name=zzz: expected one of \(names(Networks.catalogue))")
        XCTAssertEqual(
            refusal(of: "evaluation=3"),
            "--set evaluation=3: expected a section with the keys statistics, batch, preciseImages, every")
        XCTAssertEqual(
            refusal(of: "seed.x=3"), "--set seed.x=3: seed: expected a whole number from 0, found a section")
        XCTAssertEqual(
            refusal(of: "training.batch"),
            "--set training.batch: expected key.path=value, for example training.batch=4")
        XCTAssertEqual(
            refusal(of: "training.stepEpochs=[1, 2"),
            "--set training.stepEpochs=[1, 2: expected valid YAML: did not find expected ',' or ']'")
    }

    func testANamedOptionIsNamedInItsError() {
        var draft = ConfigurationDraft()
        XCTAssertThrowsError(try draft.set("normalization.norm", to: "synbn", option: "--norm")) { error in
            XCTAssertEqual(
                "\(error)",
                "--norm synbn: expected one of \(names(Norm.catalogue)); did you mean 'syncbn'?")
        }
    }

    func testOnlyDecimalDigitsAreANumber() {
        for number in ["010", "0x10", "1_000", "1:30"] {
            var draft = ConfigurationDraft()
            XCTAssertThrowsError(try draft.set("training.batch", to: number, option: "--batch")) { error in
                XCTAssertEqual(
                    "\(error)", "--batch \(number): expected a whole number from 1; write it in decimal digits")
            }
        }
    }

    func testASizeAndAMomentumAreWrittenInDecimalDigitsToo() {
        for number in ["010", "0x2", "1_000", "+08", "٢"] {
            for group in ["ghost", "workers"] {
                XCTAssertEqual(
                    refusal(of: "normalization.statistics=\(group):\(number)"),
                    "--set normalization.statistics=\(group):\(number): expected one of ghost:n, worker, workers:k, world; "
                        + "write it in decimal digits")
            }
            XCTAssertEqual(
                refusal(of: "normalization.momentum=\(number)"),
                "--set normalization.momentum=\(number): expected a number from 0 to 1 or 'cumulative'; "
                    + "write it in decimal digits")
        }
        for text in ["nan", "inf", "0x1p-2", "00.5", "0_0.5", "1e999", "٢"] {
            XCTAssertNil(RunningMomentum(rawValue: text), text)
        }
        XCTAssertEqual(RunningMomentum(rawValue: "2.5e-1"), .exponential(0.25))
    }

    func testAnElementOfAListIsNamedInItsError() {
        XCTAssertEqual(
            refusal(of: "compare.norms=bn,bm"),
            "--set compare.norms=bn,bm: expected one of \(names(Norm.catalogue)), found 'bm'; "
                + "did you mean 'bn'?")
    }

    func testAKeyInsideOfAnAssignedSectionIsNamedInItsError() {
        XCTAssertEqual(
            refusal(of: "evaluation={batch: 0}"),
            "--set evaluation={batch: 0}: evaluation.batch: expected a whole number from 1, found '0'")
    }

    func testAnOptionOfAKeySetsIt() throws {
        let key = try XCTUnwrap(Configuration.key("training.learningRate"))
        var draft = ConfigurationDraft()
        try draft.set([KeyOption(key, value: "0.5")])
        XCTAssertEqual(draft.configuration.training.learningRate, 0.5)
        XCTAssertThrowsError(try draft.set([KeyOption(key, value: "0")])) { error in
            XCTAssertEqual("\(error)", "--lr 0: expected a number above 0")
        }
    }
}
