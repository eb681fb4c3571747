import Foundation
import XCTest

/// Weights that are trained further, on other images and with other norms.
final class FineTuningTests: CommandLineTestCase {
    private func arguments(_ options: [String], norm: String) -> [String] {
        [
            "train", "--norm", norm, "--dataset", "digits", "--train-images", "60", "--epochs", "1", "--workers", "4",
            "--batch", "2", "--quiet", "--out", "run",
        ] + options
    }

    /// Weights of one part, trained further on the other: a norm without running statistics says that it leaves them out.
    func testWeightsOfOnePartAreTrainedFurtherOnTheOther() throws {
        try assertWorks(arguments(["--set", "dataset.part=1/2"], norm: "syncbn"))
        try assertWorks(["export", "run", "--pytorch", "weights"], ranks: 1)
        for norm in ["bn", "syncbn", "frozenbn", "gn"] {
            let tuning = ["--set", "dataset.part=2/2", "--init", "weights", "--seed", "2"]
            let outcome = try assertWorks(arguments(tuning, norm: norm).filter { $0 != "--quiet" })
            XCTAssertEqual(
                outcome.errors.contains("weights: gn has no running statistics; those of the file are left out."),
                norm == "gn")
        }
    }
}
