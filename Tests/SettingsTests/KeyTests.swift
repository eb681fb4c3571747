import Normalization
import XCTest

@testable import Settings

/// What is made from the declarations of keys.
final class KeyTests: XCTestCase {
    private func text(ofFile path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func testTheFileOfTheDefaultIsWhatTheProgramPrints() throws {
        XCTAssertEqual(
            try text(ofFile: "configs/compare.yaml"), Configuration().commentedYAML,
            "make it anew: normtrain config > configs/compare.yaml")
    }

    func testTheReadmeHasARowForEachOption() throws {
        let table = Configuration.optionTable
        XCTAssertTrue(try text(ofFile: "README.md").contains(table), "its table should be:\n\(table)")
        XCTAssertEqual(
            table.split(separator: "\n").count, 2 + Configuration.keys.count { $0.option != nil }, table)
    }

    func testTheCommentedFileReadsBackEqual() throws {
        var configuration = Configuration()
        configuration.dataset.directory = String(repeating: "# a: \"long\" name\n", count: 30)
        configuration.normalization.statistics = .ghost(2)
        configuration.normalization.norm = "gn"
        configuration.training.stepEpochs = Array(1...60)
        configuration.compare.norms = []
        for configuration in [configuration, Configuration()] {
            let draft = try ConfigurationDraft(yaml: configuration.commentedYAML, file: "run.yaml")
            XCTAssertEqual(draft.configuration, configuration)
            for key in Configuration.keys { XCTAssertNotEqual(draft.place(of: key.path), .builtIn, key.path) }
        }
    }

    func testTheCommentedDefaultIsNoWiderThan100Columns() {
        for line in Configuration().commentedYAML.split(separator: "\n") {
            XCTAssertLessThanOrEqual(line.count, 100, "\(line)")
            XCTAssertNotEqual(line.last, " ", "\(line)")
        }
    }

    func testEveryKeyIsDeclaredWithWholeSentences() {
        for key in Configuration.keys {
            XCTAssertEqual(key.documentation.first?.isUppercase, true, key.path)
            XCTAssertEqual(key.documentation.last, ".", key.path)
            XCTAssertFalse(key.documentation.contains("|"), "\(key.path) would break the table")
        }
    }

    func testPathsAndOptionsAreUnique() {
        let paths = Configuration.keys.map(\.path)
        XCTAssertEqual(Set(paths).count, paths.count)
        let options = Configuration.keys.compactMap(\.option)
        XCTAssertEqual(Set(options).count, options.count)
        XCTAssertTrue(Set(paths).isSuperset(of: ["seed", "training.learningRate", "compare.norms"]))
    }

    func testEveryDefaultKeepsToItsDeclaration() throws {
        for key in Configuration.keys {
            var draft = ConfigurationDraft()
            XCTAssertNoThrow(try draft.set("\(key.path)=\(key.standard.isNull ? "null" : key.standard.line)"), key.path)
        }
    }

    func testEveryNameThatIsListedIsTaken() throws {
        for key in Configuration.keys {
            for name in key.choices.map(\.name) {
                var draft = ConfigurationDraft()
                let value = name.replacing(/:[a-z]$/, with: ":2")
                XCTAssertNoThrow(try draft.set(key.path, to: value, option: "--set"), "\(key.path)=\(value)")
            }
        }
    }

    func testHelpHasTheFirstSentenceTheRangeOrTheNamesAndTheDefault() {
        func help(_ path: String) -> String? { Configuration.key(path).map { $0.help(defaultText: $0.defaultText) } }
        XCTAssertEqual(help("training.batch"), "Images per worker and step. From 1. (default: 2)")
        XCTAssertEqual(
            help("instructionSet"),
            "The vector instructions that oneDNN computes with. One of native, avx2, avx512. (default: native)")
        XCTAssertEqual(
            help("compare.norms"),
            "The norms that normtrain compare trains, in the order of its table. A list, each one of "
                + names(Norm.catalogue) + ". (default: [bn, syncbn, gn, ln, in, none])")
        XCTAssertEqual(
            help("dataset.trainImages"),
            "Training images in use, drawn by the seed with equal classes. From 1. (default: 6000)")
        XCTAssertEqual(
            help("dataset.directory"),
            "The folder with the data set's files. (default: where they are usually installed)")
    }

    func testEqualValuesAreEqualWhereverTheyCameFrom() throws {
        let read = try ConfigurationDraft(yaml: "seed: 1\n", file: "run.yaml").configuration
        XCTAssertEqual(read, Configuration())
        var other = read
        other.training.momentum = 0.5
        XCTAssertNotEqual(other, read)
    }
}
