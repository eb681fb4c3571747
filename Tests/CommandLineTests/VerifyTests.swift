import Foundation
import Models
import Normalization
import Training
import XCTest

/// `normtrain verify` proves the promise to whoever doubts it.
final class VerifyTests: CommandLineTestCase {
    private struct Row {
        let name: String
        let network: String
        let optimiser: String
        let images: String
        let shards: String
        let cells: [String]
    }

    private func rows(_ outcome: Outcome) -> [Row] {
        outcome.outputLines.compactMap { line in
            guard
                let match = line.wholeMatch(
                    of:
                        /(\S+(?: \S+)?) +(\S+) +(\S+) +(\d+×\d+) +(even|uneven|empty|sliced|batch \d+) +(.*)/)
            else { return nil }
            return Row(
                name: String(match.1), network: String(match.2), optimiser: String(match.3), images: String(match.4),
                shards: String(match.5), cells: match.6.split(separator: " ").map(String.init))
        }
    }

    func testExactSumsGiveTheBitsOfOneRankForEveryNormalisationAndKindOfShards() throws {
        let outcome = try assertWorks(["verify"], ranks: 3)
        let rows = rows(outcome)
        let groups = ["batch worker", "batch world", "batch workers:2", "batch ghost:2"]
        let names = Norm.catalogue.map(\.name).flatMap { $0 == "batch" ? groups : [$0] }
        XCTAssertEqual(
            rows.prefix(3 * names.count).map { "\($0.name), \($0.shards)" },
            names.flatMap { name in ["even", "uneven", "empty"].map { "\(name), \($0)" } })
        let sliced = rows.filter { $0.shards == "sliced" }
        XCTAssertEqual(
            sliced.map { "\($0.name) in \($0.network)" },
            Networks.catalogue.flatMap { network in
                ["bn", "syncbn", "gn", "ln", "in", "none"].map { "\($0) in \(network.name)" }
            }.filter { $0 != "in in head" })
        // Behind its dense layer each variance would be that of one value.
        XCTAssertTrue(outcome.output.contains("are no statistics: in in head."), outcome.output)
        XCTAssertEqual(Set(sliced.map(\.images)), ["28×28"])
        XCTAssertEqual(Set(rows.map(\.network)), Set(Networks.catalogue.map(\.name)))
        XCTAssertEqual(Set(rows.map(\.optimiser)), Set(Optimisers.catalogue.map(\.name)))
        // Outputs, dx, dγ, dβ, state, weights.
        let absences = ["none": 3, "gn": 1, "ln": 1, "in": 1]
        for row in rows {
            XCTAssertTrue(row.cells.allSatisfy { $0 == "0" || $0 == "–" }, "\(row)")
            XCTAssertEqual(row.cells.count, 6, "\(row)")
            if let absent = absences[row.name] { XCTAssertEqual(row.cells.count { $0 == "–" }, absent, "\(row)") }
            if row.name.hasPrefix("batch") { XCTAssertFalse(row.cells.contains("–"), "\(row)") }
        }
        XCTAssertTrue(outcome.output.hasSuffix("\nAll are the same bits on 3 ranks as on one.\n"), outcome.output)
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
    }

    func testTheErrorOfTheVarianceGrowsWithTheMeanInEveryFormulaButOurs() throws {
        let output = try assertWorks(["verify"], ranks: 1).outputLines
        func errors(of formula: String) throws -> [Double] {
            let line = try XCTUnwrap(output.first { $0.hasPrefix(formula) }, formula)
            return line.split(separator: " ").suffix(5).compactMap { Double($0) }
        }
        let float = try errors(of: "Σx²/N − (Σx/N)² in Float")
        XCTAssertGreaterThan(float[3], 1e-3)
        XCTAssertGreaterThan(float[4], 0.1)
        let shifted = try errors(of: "the same on x − K")
        XCTAssertEqual(shifted.count, 5)
        XCTAssertLessThan(try XCTUnwrap(shifted.max()), 1e-12)
    }

    func testFloatingPointSumsAreFoundOut() throws {
        let outcome = try normtrain(["verify", "--reduction", "float"], ranks: 3)
        XCTAssertEqual(outcome.status, 1)
        let differing = rows(outcome).filter { row in row.cells.contains { $0 != "0" && $0 != "–" } }
        XCTAssertGreaterThan(differing.count, 5, outcome.output)
        XCTAssertNotNil(
            outcome.errors.wholeMatch(of: /normtrain: [0-9]+ quantities differ from the run on one rank\.\n/),
            outcome.errors)
    }

    func testOneRankIsItsOwnReference() throws {
        let outcome = try assertWorks(["verify"], ranks: 1)
        XCTAssertTrue(outcome.output.hasSuffix("\nAll are the same bits on 1 rank as on one.\n"), outcome.output)
    }

    /// What a user is about to run: `workers` that 3 ranks host unevenly, Adam with its schedule, and batches of several
    /// slices.
    func testTheUsersOwnConfigurationIsProved() throws {
        try write(
            """
            dataset: {name: digits, trainImages: 300}
            workers: 4
            model: {name: resnet20}
            compare: {norms: [syncbn, gn]}
            normalization: {norm: batch, statistics: ghost:5}
            training: {batch: 20, epochs: 2, optimiser: adam, learningRate: 0.001, schedule: cosine}
            """, to: "own.yaml")
        let outcome = try assertWorks(["verify", "--config", "own.yaml"], ranks: 3)
        let rows = rows(outcome)
        XCTAssertEqual(rows.map(\.name), ["syncbn", "gn", "batch"], outcome.output)
        for row in rows {
            XCTAssertEqual(
                [row.network, row.optimiser, row.images, row.shards], ["resnet20", "adam", "8×8", "batch 20"])
            XCTAssertTrue(row.cells.allSatisfy { $0 == "0" || $0 == "–" }, "\(row)")
            XCTAssertGreaterThan(row.cells.count { $0 == "0" }, 3, "\(row)")
        }
        XCTAssertTrue(
            outcome.output.hasPrefix("4 workers on 3 ranks against one rank: largest difference after 3 steps"))
        XCTAssertTrue(outcome.output.hasSuffix("\nAll are the same bits on 3 ranks as on one.\n"), outcome.output)
        XCTAssertEqual(try entries(), ["own.yaml 246"])
    }

    func testTheUsersOwnConfigurationIsFoundOutWithFloatingPointSums() throws {
        let options = ["--dataset", "digits", "--workers", "6", "--batch", "16", "--lr", "0.1", "--norm", "syncbn"]
        let outcome = try normtrain(["verify", "--reduction", "float"] + options, ranks: 3)
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(rows(outcome).map(\.name), ["syncbn"], outcome.output)
        XCTAssertTrue(rows(outcome)[0].cells.contains { $0 != "0" && $0 != "–" }, outcome.output)
        XCTAssertTrue(outcome.errors.hasSuffix("differ from the run on one rank.\n"), outcome.errors)
    }

    func testARunOfOneStepIsProvedInOne() throws {
        let options = ["--dataset", "digits", "--train-images", "8", "--workers", "2", "--batch", "4", "--epochs", "1"]
        let outcome = try assertWorks(["verify"] + options + ["--norms", "bn,none"])
        XCTAssertEqual(rows(outcome).map(\.name), ["bn", "none"])
        XCTAssertTrue(outcome.output.contains("largest difference after 1 step (0: the same bits)"), outcome.output)
        try assertRefused(
            ["verify", "--norm", "nine"],
            try normtrain(["train", "--norm", "nine"]).errors.replacing("normtrain: ", with: "")
                .trimmingCharacters(in: .newlines))
    }
}
