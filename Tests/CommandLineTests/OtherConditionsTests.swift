import Foundation
import XCTest

/// Runs that would go on with something else than they began with.
final class OtherConditionsTests: InterruptionTestCase {
    /// A training on images of its own in `data`, stopped early.
    private func stopWithImages() throws -> IDXFolder {
        let images = try IDXFolder(writing: path("data"))
        let training = [
            "train", "--norm", "bn", "--quiet", "--dataset", "mnist", "--data", "data", "--train-images", "10",
            "--epochs", "500", "--workers", "2", "--out", "run",
        ]
        let job = try start(training, ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        return images
    }

    func testOtherImagesAreRefusedWhenARunGoesOn() throws {
        let images = try stopWithImages()
        let right = try images.read(IDXFolder.trainLabels)
        var wrong = right
        wrong[wrong.count - 15] ^= 1
        try images.write(wrong, to: IDXFolder.trainLabels)
        try assertRefused(
            ["resume", "run"],
            "run: this run was begun with other images of mnist than those found here: name the folder of the right "
                + "ones with --data.")
        try images.write(right, to: IDXFolder.trainLabels)
        try assertWorks(["resume", "run", "--quiet"])
        try images.write(wrong, to: IDXFolder.trainLabels)
        let outcome = try assertWorks(["eval", "run"])
        XCTAssertTrue(
            outcome.errors.hasPrefix(
                "normtrain: run: the images of mnist found here are others than those of the run.\nnext: "),
            outcome.errors)
    }

    func testAComparisonIsNotFinishedWithOtherImages() throws {
        let images = try IDXFolder(writing: path("data"))
        try assertWorks([
            "compare", "--norms", "bn,gn", "--quiet", "--dataset", "mnist", "--data", "data", "--train-images", "10",
            "--epochs", "1", "--out", "run",
        ])
        for file in ["run/result.json", "run/gn/result.json"] {
            try FileManager.default.removeItem(atPath: path(file))
        }
        var labels = try images.read(IDXFolder.trainLabels)
        labels[labels.count - 15] ^= 1
        try images.write(labels, to: IDXFolder.trainLabels)
        try assertRefused(
            ["resume", "run"],
            "run: this run was begun with other images of mnist than those found here: name the folder of the right "
                + "ones with --data.")
    }

    /// `--data data` is meant as seen from the folder that the run was started in.
    func testARunThatWasGivenARelativePathGoesOnFromAnywhere() throws {
        _ = try stopWithImages()
        try FileManager.default.createDirectory(atPath: path("elsewhere"), withIntermediateDirectories: false)
        func there(_ arguments: [String]) throws -> Outcome {
            try start("sh", ["-c", "cd elsewhere && exec \"$0\" \"$@\"", Self.binary] + arguments)
        }
        for arguments in [
            ["resume", "../run", "--quiet"], ["eval", "../run"],
            ["export", "../run", "--pytorch", "weights", "--evaluate", "precise"],
        ] {
            let outcome = try there(arguments)
            XCTAssertEqual(outcome.status, 0, outcome.errors)
        }
    }

    func testAnotherBuildIsToldOf() throws {
        try assertWorks(arguments(out: "whole"), ranks: 1)
        try stopEarly()
        let other = path("other")
        try FileManager.default.copyItem(atPath: Self.binary, toPath: other)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: other))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0]))
        try file.close()
        let outcome = try start(other, ["resume", "run", "--quiet"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(
            outcome.errors,
            "normtrain: run: this run was begun by another build of normtrain, so that the bits may differ from those "
                + "of a run that never stopped.\n")
        XCTAssertEqual(try FinalState(path("run")), try FinalState(path("whole")))
    }

    func testOtherVariablesOfOneDNNAreRefused() throws {
        try stopEarly()
        let outcome = try normtrain(["resume", "run"], ranks: 1, environment: ["ONEDNN_DEFAULT_FPMATH_MODE": "BF16"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(
            outcome.errors.hasPrefix("normtrain: run: this run was begun with none of oneDNN's variables set"),
            outcome.errors)
    }
}
