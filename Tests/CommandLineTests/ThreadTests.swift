import Foundation
import XCTest

/// Several threads a rank compute the same bits as one.
final class ThreadTests: CommandLineTestCase {
    private func digest(_ name: String, threads: Int, ranks: Int, _ options: [String]) throws -> String {
        let out = "\(name)-\(threads)-\(ranks)".replacing(":", with: "-")
        try assertWorks(
            ["train", "--dataset", "digits", "--workers", "3", "--epochs", "1", "--quiet", "--threads", "\(threads)"]
                + ["--out", out] + options, ranks: ranks)
        return try RunFiles(path: path(out)).text("weights_sha256")
    }

    func testWeightsDoNotDependOnTheNumberOfThreads() throws {
        // Batches of several slices and of several calls of the weight gradient, with a last one that is smaller.
        let cases: [(name: String, options: [String])] = [
            ("syncbn", ["--norm", "syncbn", "--batch", "150", "--train-images", "700"]),
            ("ghost:7", ["--norm", "batch", "--statistics", "ghost:7", "--batch", "20", "--train-images", "130"]),
            ("bn", ["--norm", "bn", "--batch", "2", "--train-images", "40"]),
            ("gn", ["--norm", "gn", "--batch", "33", "--train-images", "200"]),
        ]
        for (name, options) in cases {
            let reference = try digest(name, threads: 1, ranks: 1, options)
            for (threads, ranks) in [(2, 1), (3, 1), (2, 2)] {
                XCTAssertEqual(
                    try digest(name, threads: threads, ranks: ranks, options), reference,
                    "\(name) on \(ranks) ranks of \(threads) threads")
            }
        }
    }

    func testMoreThreadsThanCoresAreToldOf() throws {
        let outcome = try assertWorks(smallRun("gn", "--threads", "1000"), ranks: 1)
        XCTAssertTrue(
            outcome.errors.contains("each rank has 1000 threads, but some get ")
                && outcome.errors.contains(", or use fewer threads."), outcome.errors)
        try assertRefused(
            smallRun("gn", "--threads", "0"),
            "--threads 0: expected a whole number from 1 to 1024: see normtrain --help.")
    }
}
