import Settings
import XCTest

@testable import Runs

/// What a configuration's values make must be possible: they are refused with their place before anything is loaded.
final class NetworkValidationTests: XCTestCase {
    private func assertRefused(
        _ yaml: String, for command: Configuration.Command = .train, _ message: String, line: UInt = #line
    ) {
        XCTAssertThrowsError(
            try ConfigurationDraft(yaml: yaml, file: "run.yaml").validatedForNetwork(command, ranks: 1), line: line
        ) { XCTAssertEqual("\($0)", message, line: line) }
    }

    func testTheNormBatchNeedsStatistics() throws {
        let expectation =
            "expected ghost:n, worker, workers:k or world, since the norm 'batch' has no group of its own, found nothing"
        assertRefused("normalization:\n  norm: batch\n", "normalization.statistics: " + expectation)
        assertRefused("compare:\n  norms: [bn, batch]\n", for: .compare, "normalization.statistics: " + expectation)
        assertRefused(
            "normalization:\n  norm: batch\n  statistics: null\n",
            "run.yaml:3: normalization.statistics: " + expectation)
        let draft = try ConfigurationDraft(yaml: "normalization: {norm: batch, statistics: worker}\n", file: "run.yaml")
        XCTAssertNoThrow(try draft.validatedForNetwork(.train, ranks: 1))
    }

    func testGroupsThatDivideNoLayersChannelsAreRefusedWhereGroupNormIsTrained() throws {
        assertRefused(
            "normalization:\n  norm: gn\n  groups: 5\n",
            "run.yaml:3: normalization.groups: expected a divisor of the channels of every layer, and there is one of 32, "
                + "found '5'")
        let draft = try ConfigurationDraft(yaml: "normalization: {norm: ln, groups: 5}\n", file: "run.yaml")
        XCTAssertNoThrow(try draft.validatedForNetwork(.train, ranks: 1))
    }
}
