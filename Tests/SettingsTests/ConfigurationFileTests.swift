import Models
import Normalization
import Settings
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

    /// YAML 1.1 takes some for octal, hexadecimal and binary numbers and for numbers to base 60, and no two readers agree.
    func testOnlyDecimalDigitsAreANumber() throws {
        for number in ["010", "0x10", "0b11", "0o7", "1_000", "1:30", "-1:30", "9:59:59:59:59:59:59:59:59:59:59:59:59"]
        {
            for key in ["seed: ", "workers: !!int ", "training: {stepEpochs: [", "training: {learningRate: "] {
                let yaml = key + number + (key.contains("[") ? "]}" : key.contains("{") ? "}" : "")
                let sentence = try XCTUnwrap(refusal(of: yaml), yaml)
                XCTAssertTrue(sentence.contains(": expected a "), sentence)
                // "-1:30" begins like a word.
                XCTAssertTrue(number.hasPrefix("-") || sentence.hasSuffix("; write it in decimal digits"), sentence)
            }
        }
        for number in ["0.5", ".5", "5e-1", "+0.5", "50E-2"] {
            XCTAssertEqual(try configuration(from: "training: {learningRate: \(number)}").training.learningRate, 0.5)
        }
        for number in ["00.5", "0_0.5", ".", "e5", "0x1p-1", ".nan", ".inf", "-.inf", "1e999", "nan", "infinity"] {
            XCTAssertNotNil(refusal(of: "training: {learningRate: \(number)}"), number)
            XCTAssertNotNil(refusal(of: "normalization: {momentum: \(number)}"), number)
        }
    }

    /// Nine lines that stand for billions of values.
    func testANestOfAliasesIsRefusedRatherThanFollowed() throws {
        var yaml = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        for level in 1...9 {
            let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(inner)]\n"
        }
        let sentence = "run.yaml:3: expected valid YAML: too many aliases ('*name'): write the values themselves"
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
            XCTAssertTrue(sentence.hasPrefix("run.yaml:1: expected valid YAML"), String(sentence.prefix(200)))
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
        XCTAssertEqual(configuration.dataset.name, "cifar10")
        XCTAssertEqual(configuration.dataset.directory, "/data/my images")
        XCTAssertEqual(configuration.dataset.trainImages, 500)
        XCTAssertEqual(configuration.normalization.norm, "batch")
        XCTAssertEqual(configuration.normalization.statistics, .workers(2))
        XCTAssertEqual(configuration.normalization.momentum, .cumulative)
        XCTAssertFalse(configuration.normalization.affine)
        XCTAssertEqual(configuration.normalization.epsilon, 0.001)
        XCTAssertEqual(configuration.training.schedule, "step")
        XCTAssertEqual(configuration.training.stepEpochs, [3, 5])
        XCTAssertEqual(configuration.compare.norms, ["gn", "none"])
    }

    func testJSONAndOtherSystemsLineEndsAreRead() throws {
        XCTAssertEqual(try configuration(from: #"{"seed": 9, "training": {"batch": 3}}"#).training.batch, 3)
        XCTAssertEqual(try configuration(from: "\u{FEFF}seed: 9\r\nworkers: 3\r\n").workers, 3)
        XCTAssertEqual(
            refusal(of: "seed: 9\r\nworker: 3\r\n"),
            "run.yaml:2: expected a key of the configuration, found 'worker'; did you mean 'workers'?")
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
            XCTAssertEqual("\(error)", "\(file.path): expected a configuration file of UTF-8 text")
        }
    }

    func testASyntaxErrorIsLocated() {
        XCTAssertEqual(
            refusal(of: "seed: 1\ntraining:\n  batch: [1, 2\n  epochs: 3\n"),
            "run.yaml:4: expected valid YAML, found a mistake at column 9: did not find expected ',' or ']'")
        XCTAssertEqual(
            refusal(of: "seed: 1\nworkers: 2: 3\n"),
            "run.yaml:2: expected valid YAML, found a mistake at column 11: mapping values are not allowed in this context"
        )
    }

    func testAControlCharacterIsLocated() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nworkers: \u{7}\n"),
            "run.yaml:2: expected valid YAML: control characters are not allowed")
    }

    func testASecondDocumentIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\n---\nseed: 2\n"),
            "run.yaml:2: expected valid YAML, found a mistake at column 1: but found another document")
    }

    func testAMisspeltKeyGetsTheNearestValidOne() {
        XCTAssertEqual(
            refusal(of: "seed: 3\ntraining:\n  batch: 4\n  lerning_rate: 0.1\n"),
            "run.yaml:4: expected a key of training, found 'lerning_rate'; did you mean 'learningRate'?")
        XCTAssertEqual(
            refusal(of: "\n# a comment\ntrainng:\n  batch: 4\n"),
            "run.yaml:3: expected a key of the configuration, found 'trainng'; did you mean 'training'?")
        XCTAssertEqual(
            refusal(of: "training: {batchSize: 4}\n"),
            "run.yaml:1: expected a key of training, found 'batchSize'; did you mean 'batch'?")
        XCTAssertEqual(
            refusal(of: "dataset:\n  direcotry: x\n"),
            "run.yaml:2: expected a key of dataset, found 'direcotry'; did you mean 'directory'?")
    }

    func testAKeyOfAnotherSectionIsSentThere() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nlearning_rate: 0.1\n"),
            "run.yaml:2: expected a key of the configuration, found 'learning_rate'; did you mean 'training.learningRate'?"
        )
        XCTAssertEqual(
            refusal(of: "model:\n  groups: 4\n"),
            "run.yaml:2: expected a key of model, found 'groups'; did you mean 'normalization.groups'?")
    }

    func testAKeyLikeNoOtherGetsTheListOfKeys() {
        XCTAssertEqual(
            refusal(of: "evaluation:\n  xyzzy: 1\n"),
            "run.yaml:2: expected a key of evaluation, found 'xyzzy'; the keys are statistics, batch, preciseImages, every"
        )
    }

    func testAKeyGivenTwiceIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\ntraining:\n  batch: 4\n  epochs: 1\n  batch: 8\n"),
            "run.yaml:3: expected the key 'batch' once, found it more than once, first here")
    }

    func testAValueOfTheWrongTypeIsRefused() {
        XCTAssertEqual(
            refusal(of: "training:\n  epochs: 1\n  batch: many\n"),
            "run.yaml:3: training.batch: expected a whole number from 1, found 'many'")
        XCTAssertEqual(
            refusal(of: "training:\n  batch: 2.5\n"),
            "run.yaml:2: training.batch: expected a whole number from 1, found '2.5'"
        )
        XCTAssertEqual(
            refusal(of: "training:\n  batch: \"2\"\n"),
            "run.yaml:2: training.batch: expected a whole number from 1, found '2'")
        XCTAssertEqual(
            refusal(of: "training:\n  batch:\n  epochs: 1\n"),
            "run.yaml:2: training.batch: expected a whole number from 1, found nothing")
        XCTAssertEqual(
            refusal(of: "training:\n  learningRate: [0.1]\n"),
            "run.yaml:2: training.learningRate: expected a number above 0, found a list")
        XCTAssertEqual(
            refusal(of: "normalization:\n  affine: 3\n"),
            "run.yaml:2: normalization.affine: expected true or false, found '3'")
        XCTAssertEqual(
            refusal(of: "normalization:\n  momentum: cumulativ\n"),
            "run.yaml:2: normalization.momentum: expected a number from 0 to 1 or 'cumulative', found 'cumulativ'")
        XCTAssertEqual(
            refusal(of: "workers: {count: 3}\n"),
            "run.yaml:1: workers: expected a whole number from 1 to 16384, found a section")
        XCTAssertEqual(
            refusal(of: "seed: 18446744073709551616\n"),
            "run.yaml:1: seed: expected a whole number from 0, found '18446744073709551616'")
    }

    func testAValueInPlaceOfASectionIsRefused() {
        XCTAssertEqual(
            refusal(of: "seed: 1\nevaluation: pooled\n"),
            "run.yaml:2: evaluation: expected a section with the keys statistics, batch, preciseImages, every, found 'pooled'"
        )
        XCTAssertEqual(
            refusal(of: "- seed\n"),
            "run.yaml:1: expected a section with the keys task, seed, workers, instructionSet, dataset, model, normalization, "
                + "training, evaluation, contrastive, compare, found a list")
    }

    func testAListIsCheckedElementByElement() {
        XCTAssertEqual(
            refusal(of: "compare:\n  norms:\n    - bn\n    - sincbn\n"),
            "run.yaml:4: compare.norms: expected one of \(names(Norm.catalogue)), found 'sincbn'; "
                + "did you mean 'syncbn'?")
        XCTAssertEqual(
            refusal(of: "training:\n  stepEpochs: 3\n"),
            "run.yaml:2: training.stepEpochs: expected a list, each a whole number from 1, found '3'")
    }

    func testANameThatIsNoneOfTheListGetsTheNearest() {
        XCTAssertEqual(
            refusal(of: "dataset:\n  name: fashion_mnst\n"),
            "run.yaml:2: dataset.name: expected one of digits, fashion-mnist, mnist, cifar10, "
                + "found 'fashion_mnst'; did you mean 'fashion-mnist'?")
        XCTAssertEqual(
            refusal(of: "normalization:\n  statistics: gost:4\n"),
            "run.yaml:2: normalization.statistics: expected one of ghost:n, worker, workers:k, world, "
                + "found 'gost:4'; did you mean 'ghost:n'?")
        XCTAssertEqual(
            refusal(of: "normalization:\n  statistics: ghost:\n"),
            "run.yaml:2: expected valid YAML, found a mistake at column 20: mapping values are not allowed in this context"
        )
        XCTAssertEqual(
            refusal(of: "model:\n  name: zzzzz\n"),
            "run.yaml:2: model.name: expected one of \(names(Networks.catalogue)), found 'zzzzz'")
    }
}
