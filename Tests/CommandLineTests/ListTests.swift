import Datasets
import Models
import Normalization
import XCTest

/// `normtrain list`
final class ListTests: CommandLineTestCase {
    /// The names in the table under a header.
    private func names(_ output: [String], under header: String) -> [String] {
        let rows = output.drop { !$0.hasPrefix("\(header) ") }.dropFirst(2)
        return rows.prefix { !$0.isEmpty && !$0.hasPrefix("-") }.compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
    }

    func testAllThatCanBeChosenIsListedOnceAndFits100Columns() throws {
        let outcome = try assertWorks(["list"])
        XCTAssertEqual(outcome.errors, "")
        XCTAssertEqual(names(outcome.outputLines, under: "norm"), Norm.catalogue.map(\.name))
        XCTAssertEqual(names(outcome.outputLines, under: "model"), Networks.catalogue.map(\.name))
        XCTAssertEqual(names(outcome.outputLines, under: "dataset"), Dataset.catalogue.map(\.name))
        for entry in Norm.catalogue { XCTAssertTrue(outcome.output.contains(entry.summary), entry.summary) }
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
    }

    func testOneCatalogueIsListedAlone() throws {
        let outcome = try start(Self.binary, ["list", "norms"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(names(outcome.outputLines, under: "norm"), Norm.catalogue.map(\.name))
        XCTAssertFalse(outcome.output.contains("dataset"), outcome.output)
    }

    func testTheFilesOfDataSetsAreLookedFor() throws {
        let rows = try start(Self.binary, ["list", "datasets"]).outputLines
        func files(_ name: String) throws -> Bool {
            try !XCTUnwrap(rows.first { $0.hasPrefix("\(name) ") }, name).contains("  no    ")
        }
        for entry in Dataset.catalogue {
            let source = try Dataset.source(entry.name)
            XCTAssertEqual(try files(entry.name), source.isAvailable, entry.name)
        }
        // Part of the program; and nobody has told where its files are.
        XCTAssertTrue(try files("digits"))
        XCTAssertFalse(try files("cifar10"))
        XCTAssertTrue(rows.contains { $0.hasPrefix("--data names the folder") })
    }

    func testAMisspeltCatalogueIsRefused() throws {
        try assertRefused(
            ["list", "norm"],
            "list norm: expected one of norms, models, datasets, optimisers, schedules, tasks; did you mean 'norms'?")
    }
}
