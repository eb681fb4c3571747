import Foundation
import XCTest

@testable import Reports

/// The table of a profile, from figures that a test has chosen.
final class ProfileTableTests: XCTestCase {
    /// A layer of a rank, with milliseconds of all its steps.
    private func layer(
        _ name: String, forward: Int = 0, backward: Int = 0, other: Int = 0, waiting: Int = 0, moving: Int = 0,
        bytes: Int = 0, last: [Int]
    ) -> String {
        """
        {"name": "\(name)", "forwardSeconds": \(forward)e-3, "backwardSeconds": \(backward)e-3, \
        "otherSeconds": \(other)e-3, "waitingSeconds": \(waiting)e-3, "movingSeconds": \(moving)e-3, \
        "bytes": \(bytes), "messages": \(last.reduce(0, +)), "lastCounts": \(last)}
        """
    }

    private func profile(rank: Int, milliseconds: Int, error: Double = 0, _ layers: [String]) throws -> RankProfile {
        let text = """
            {"rank": \(rank), "host": "host", "steps": 4, "warmUpSteps": 3, "seconds": \(milliseconds)e-3, \
            "clockErrorSeconds": \(error), "layers": [\(layers.joined(separator: ","))]}
            """
        return try JSONDecoder().decode(RankProfile.self, from: Data(text.utf8))
    }

    func testFiguresAreMeansOverStepsAndRanks() throws {
        let first = [
            layer("convolution", forward: 40, backward: 100, last: [0, 0]),
            layer("normalization", forward: 20, backward: 30, waiting: 50, moving: 10, bytes: 96, last: [2, 6]),
            layer("the gradients", other: 8, waiting: 100, moving: 22, bytes: 4002, last: [4, 0]),
        ]
        let second = [
            layer("convolution", forward: 80, backward: 140, last: [0, 0]),
            layer("normalization", forward: 20, backward: 50, waiting: 10, moving: 10, bytes: 96, last: [2, 6]),
            layer("the gradients", other: 8, moving: 22, bytes: 4002, last: [4, 0]),
        ]
        let profiles = [
            try profile(rank: 0, milliseconds: 400, first),
            try profile(rank: 1, milliseconds: 400, error: 2.1e-6, second),
        ]
        XCTAssertEqual(
            ProfileTable(title: "syncbn", profiles: profiles).description,
            """
            syncbn, 4 steps after 3 of warm-up, 2 ranks: milliseconds, bytes and messages a step, mean over the
            ranks

            layer          forward  backward   other  waiting  moving      %   bytes  messages  last rank
            -------------  -------  --------  ------  -------  ------  -----  ------  --------  ---------
            convolution     15.000    30.000                            45.0
            normalization    5.000    10.000            7.500   2.500   25.0      24         2    1 (75%)
            the gradients                      2.000   12.500   5.500   20.0  1000.5         1   0 (100%)
            in no row                         10.000                    10.0
            whole step      20.000    40.000  12.000   20.000   8.000  100.0  1024.5         3    0 (50%)

            waiting: until the last rank had come to a collective; moving: from then on; last rank: the one that
            came last most often, and how often. Moments are taken within the convolution. The ranks' clocks
            agree within 3 µs.
            """)
    }

    func testLargeFiguresAndLongNamesFit100Columns() throws {
        let layers = [
            layer(
                "a convolution with a very long name", forward: 39_999_996, backward: 39_999_996, other: 39_999_996,
                waiting: 39_999_996, moving: 39_999_996, bytes: 4 * 999_999_999, last: [4000, 0])
        ]
        let profiles = try [0, 1].map { try profile(rank: $0, milliseconds: 199_999_980, layers) }
        let table = ProfileTable(title: "syncbn", profiles: profiles).description
        let lines = table.split(separator: "\n")
        XCTAssertTrue(lines.allSatisfy { $0.count <= 100 }, table)
        XCTAssertTrue(table.contains("a convolution …"), table)
    }

    func testARankThatIsAloneHasNoColumnsOfOthers() throws {
        let profiles = [try profile(rank: 0, milliseconds: 4, [layer("dense", forward: 4, last: [0])])]
        let table = ProfileTable(title: "gn", profiles: profiles).description
        XCTAssertTrue(table.contains("dense         1.000"), table)
        XCTAssertFalse(table.contains("clocks"), table)
    }
}
