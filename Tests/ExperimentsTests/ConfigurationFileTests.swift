import Experiments
import XCTest

/// What a configuration file may say, and what it is told when it errs.
final class ConfigurationFileTests: XCTestCase {
    /// The message for `yaml`, which is expected to be refused.
    private func refusal(of yaml: String, line: UInt = #line) -> String? {
        do {
            _ = try ConfigurationDraft(yaml: yaml, file: "run.yaml")
        } catch let error as ConfigurationError {
            return error.description
        } catch {
            XCTFail("not a ConfigurationError: \(error)", line: line)
        }
        return nil
    }

    private func configuration(from yaml: String) throws -> Configuration {
        try ConfigurationDraft(yaml: yaml, file: "run.yaml").configuration
    }

    func testKeysThatAFileLeavesOutKeepTheirDefaults() throws {
        var expected = Configuration()
        expected.training.batch = 7
        expected.workers = 12
        XCTAssertEqual(try configuration(from: "workers: 12\ntraining:\n  batch: 7\n"), expected)
    }

    func testAnEmptyFileAndAnEmptySectionMeanTheDefault() throws {
        XCTAssertEqual(try configuration(from: ""), Configuration())
        XCTAssertEqual(try configuration(from: "# nothing\n"), Configuration())
        XCTAssertEqual(try configuration(from: "~\n"), Configuration())
        XCTAssertEqual(try configuration(from: "training:\n#  batch: 3\nmodel:\n"), Configuration())
    }

    /// YAML 1.1 takes digits with colons for a number to base 60.
    func testANumberToBase60IsRefusedHoweverLarge() {
        for number in ["1:30", "-1:30", "9:59:59:59:59:59:59:59:59:59:59:59:59"] {
            for key in ["seed: ", "workers: !!int ", "training: {stepEpochs: ["] {
                let yaml = key + number + (key.hasSuffix("[") ? "]}" : "")
                XCTAssertEqual(refusal(of: yaml)?.contains("a whole number"), true, yaml)
            }
        }
    }

    /// Nine lines that stand for billions of values.
    func testANestOfAliasesIsRefusedRatherThanFollowed() throws {
        var yaml = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        for level in 1...9 {
            let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(inner)]\n"
        }
        let sentence = "run.yaml:3: not valid YAML: too many aliases ('*name'): write the values themselves"
        XCTAssertEqual(refusal(of: yaml), sentence)
        XCTAssertEqual(refusal(of: yaml + "? *a9\n: 1\n"), sentence)
        XCTAssertThrowsError(
            try {
                var draft = ConfigurationDraft()
                try draft.set("dataset={a: &a [1], b: [\(Array(repeating: "*a", count: 17).joined(separator: ","))]}")
            }()
        ) { error in
            XCTAssertTrue("\(error)".contains("too many aliases"), "\(error)")
        }
    }

    func testNestingWithoutEndIsRefused() throws {
        for opening in ["[", "- ", "? ", "{a: "] {
            let sentence = try XCTUnwrap(refusal(of: String(repeating: opening, count: 100_000)))
            XCTAssertTrue(sentence.hasPrefix("run.yaml:1: not valid YAML"), String(sentence.prefix(200)))
            XCTAssertTrue(sentence.hasSuffix("sections or lists are nested too deeply"), String(sentence.suffix(200)))
        }
    }

    func testAFewAliasesAndAsterisksAreRead() throws {
        let yaml = "# * a list\n# * of *two* things\nseed: &n 7\nworkers: *n\n"
        XCTAssertEqual(try configuration(from: yaml).workers, 7)
    }

    func testNullUnsetsAnOptionalKey() throws {
        XCTAssertNil(try configuration(from: "dataset:\n  trainImages: null\n").dataset.trainImages)
    }

    func testEveryKindOfValueIsRead() throws {
        let yaml = """
            seed: 42
            dataset: {name: cifar10, directory: "/data/my images", trainImages: 500}
            normalization:
              norm: batch
              statistics: workers:2
              momentum: cumulative
              affine: false
              epsilon: 1e-3
            training:
              schedule: step
              stepEpochs: [3, 5]
            compare:
              norms:
                - gn
                - none
            """
        let configuration = try configuration(from: yaml)
        XCTAssertEqual(configuration.seed, 42)
        XCTAssertEqual(configuration.dataset.name.rawValue, "cifar10")
        XCTAssertEqual(configuration.dataset.directory, "/data/my images")
        XCTAssertEqual(configuration.dataset.trainImages, 500)
        XCTAssertEqual(configuration.normalization.norm, .batchNorm)
        XCTAssertEqual(configuration.normalization.statistics, .workers(2))
        XCTAssertEqual(configuration.normalization.momentum, .cumulative)
        XCTAssertFalse(configuration.normalization.affine)
        XCTAssertEqual(configuration.normalization.epsilon, 0.001)
        XCTAssertEqual(configuration.training.schedule, .step)
        XCTAssertEqual(configuration.training.stepEpochs, [3, 5])
        XCTAssertEqual(configuration.compare.norms, [.groupNorm, .identity])
    }

    func testJSONAndOtherSystemsLineEndsAreRead() throws {
        XCTAssertEqual(try configuration(from: #"{"seed": 9, "training": {"batch": 3}}"#).training.batch, 3)
        XCTAssertEqual(try configuration(from: "\u{FEFF}seed: 9\r\nworkers: 3\r\n").workers, 3)
        XCTAssertEqual(
            refusal(of: "seed: 9\r\nworker: 3\r\n"), "run.yaml:2: unknown key 'worker'; did you mean 'workers'?")
    }

    func testAMissingFileIsNamed() {
        XCTAssertThrowsError(try ConfigurationDraft(path: "/nowhere/run.yaml")) { error in
            XCTAssertEqual("\(error)", "/nowhere/run.yaml: the file can't be read (there is no such file).")
        }
    }

    func testAFolderIsNotAFile() {
        let folder = FileManager.default.temporaryDirectory.path
        XCTAssertThrowsError(try ConfigurationDraft(path: folder)) { error in
            XCTAssertEqual("\(error)", "\(folder): the file can't be read (it is a folder).")
        }
    }

    func testAFileOfOtherBytesThanTextIsRefused() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
        try Data([0x73, 0xFF, 0xFE]).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        XCTAssertThrowsError(try ConfigurationDraft(path: file.path)) { error in
            XCTAssertEqual("\(error)", "\(file.path): cannot read the configuration: it is not a UTF-8 text")
        }
    }

    func testASyntaxErrorIsLocated() {
        XCTAssertEqual(
            refusal(of: "seed: 1\ntraining:\n  batch: [1, 2\n  epochs: 3\n"),
            "run.yaml:4: not valid YAML at column 9: did not find expected ',' or ']'")
        XCTAssertEqual(
            refusal(of: "seed: 1\nworkers: 2: 3\n"),
            "run.yaml:2: not valid YAML at column 11: mapping values are not allowed in this context")
    }

    func testAControlCharacterIsLocated() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nworkers: \u{7}\n"),
            "run.yaml:2: not valid YAML: control characters are not allowed")
    }

    func testASecondDocumentIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\n---\nseed: 2\n"),
            "run.yaml:2: not valid YAML at column 1: but found another document")
    }

    func testAMisspeltKeyGetsTheNearestValidOne() {
        XCTAssertEqual(
            refusal(of: "seed: 3\ntraining:\n  batch: 4\n  lerning_rate: 0.1\n"),
            "run.yaml:4: unknown key 'lerning_rate' in training; did you mean 'learningRate'?")
        XCTAssertEqual(
            refusal(of: "\n# a comment\ntrainng:\n  batch: 4\n"),
            "run.yaml:3: unknown key 'trainng'; did you mean 'training'?")
        XCTAssertEqual(
            refusal(of: "training: {batchSize: 4}\n"),
            "run.yaml:1: unknown key 'batchSize' in training; did you mean 'batch'?")
        XCTAssertEqual(
            refusal(of: "dataset:\n  direcotry: x\n"),
            "run.yaml:2: unknown key 'direcotry' in dataset; did you mean 'directory'?")
    }

    func testAKeyOfAnotherSectionIsSentThere() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nlearning_rate: 0.1\n"),
            "run.yaml:2: unknown key 'learning_rate'; did you mean 'training.learningRate'?")
        XCTAssertEqual(
            refusal(of: "model:\n  groups: 4\n"),
            "run.yaml:2: unknown key 'groups' in model; did you mean 'normalization.groups'?")
    }

    func testAKeyLikeNoOtherGetsTheListOfKeys() {
        XCTAssertEqual(
            refusal(of: "evaluation:\n  xyzzy: 1\n"),
            "run.yaml:2: unknown key 'xyzzy' in evaluation; the keys are statistics, batch, preciseImages")
    }

    func testAKeyGivenTwiceIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\ntraining:\n  batch: 4\n  epochs: 1\n  batch: 8\n"),
            "run.yaml:3: key 'batch' is given more than once, first here; keep one of them")
    }

    func testAValueOfTheWrongTypeIsRefused() {
        XCTAssertEqual(
            refusal(of: "training:\n  epochs: 1\n  batch: many\n"),
            "run.yaml:3: training.batch: expected a whole number, found 'many'")
        XCTAssertEqual(
            refusal(of: "training:\n  batch: 2.5\n"), "run.yaml:2: training.batch: expected a whole number, found '2.5'"
        )
        XCTAssertEqual(
            refusal(of: "training:\n  batch: \"2\"\n"),
            "run.yaml:2: training.batch: expected a whole number, found '2'")
        XCTAssertEqual(
            refusal(of: "training:\n  batch:\n  epochs: 1\n"),
            "run.yaml:2: training.batch: expected a whole number, found nothing")
        XCTAssertEqual(
            refusal(of: "training:\n  learningRate: [0.1]\n"),
            "run.yaml:2: training.learningRate: expected a number, found a list")
        XCTAssertEqual(
            refusal(of: "normalization:\n  affine: 3\n"),
            "run.yaml:2: normalization.affine: expected true or false, found '3'")
        XCTAssertEqual(
            refusal(of: "normalization:\n  momentum: cumulativ\n"),
            "run.yaml:2: normalization.momentum: expected a number or 'cumulative', found 'cumulativ'")
        XCTAssertEqual(
            refusal(of: "workers: {count: 3}\n"), "run.yaml:1: workers: expected a whole number, found a section")
        XCTAssertEqual(
            refusal(of: "seed: 18446744073709551616\n"),
            "run.yaml:1: seed: expected a whole number, found '18446744073709551616'")
    }

    func testAValueInPlaceOfASectionIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nevaluation: pooled\n"),
            "run.yaml:2: evaluation: expected a section with the keys statistics, batch, preciseImages, found 'pooled'")
        XCTAssertEqual(
            refusal(of: "- seed\n"),
            "run.yaml:1: expected a section with the keys seed, workers, instructionSet, dataset, model, normalization, training, "
                + "evaluation, compare, found a list")
    }

    func testAListIsCheckedElementByElement() {
        XCTAssertEqual(
            refusal(of: "compare:\n  norms:\n    - bn\n    - sincbn\n"),
            "run.yaml:4: compare.norms: 'sincbn' is none of batch, bn, syncbn, gn, ln, in, none; "
                + "did you mean 'syncbn'?")
        XCTAssertEqual(
            refusal(of: "training:\n  stepEpochs: 3\n"),
            "run.yaml:2: training.stepEpochs: expected a list, each of it a whole number, found '3'")
    }

    func testANameThatIsNoneOfTheListGetsTheNearest() {
        XCTAssertEqual(
            refusal(of: "dataset:\n  name: fashion_mnst\n"),
            "run.yaml:2: dataset.name: 'fashion_mnst' is none of digits, fashion-mnist, mnist, cifar10; "
                + "did you mean 'fashion-mnist'?")
        XCTAssertEqual(
            refusal(of: "normalization:\n  statistics: gost:4\n"),
            "run.yaml:2: normalization.statistics: 'gost:4' is none of ghost:n, worker, workers:k, world; "
                + "did you mean 'ghost:n'?")
        XCTAssertEqual(
            refusal(of: "normalization:\n  statistics: ghost:\n"),
            "run.yaml:2: not valid YAML at column 20: mapping values are not allowed in this context")
        XCTAssertEqual(
            refusal(of: "model:\n  name: zzzzz\n"), "run.yaml:2: model.name: 'zzzzz' is none of cnn")
    }
}
