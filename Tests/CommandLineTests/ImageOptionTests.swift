import Foundation
import XCTest

/// Runs whose images are dealt, changed or chosen otherwise than by default.
final class ImageOptionTests: InterruptionTestCase {
    private static let variants: [[String]] = [
        ["--shards", "dirichlet:0.3"],
        ["--shards", "sorted", "--set", "training.shards=reshuffled"],
        ["--set", "dataset.batches=coherent:2"],
        ["--augment", "crop:2,flip"],
        ["--set", "dataset.pixels=ranges:10", "--set", "dataset.part=2/3"],
    ]

    private func arguments(_ variant: [String], norm: String = "bn") -> [String] {
        [
            "train", "--norm", norm, "--dataset", "digits", "--train-images", "260", "--epochs", "2", "--workers", "4",
            "--batch", "6", "--quiet", "--out", "run",
        ] + variant
    }

    func testTheNumberOfRanksDoesNotChangeABitAndEachGivesWeightsOfItsOwn() throws {
        var all: Set<String> = []
        for variant in Self.variants + [[]] {
            var digests: Set<String> = []
            for ranks in [1, 2, 4] {
                try assertWorks(arguments(variant), ranks: ranks)
                let epochs = try String(contentsOfFile: path("run/epochs.csv"), encoding: .utf8)
                digests.insert(try RunFiles(path: path("run")).text("weights_sha256") + epochs)
            }
            XCTAssertEqual(digests.count, 1, "\(variant)")
            all.formUnion(digests)
        }
        XCTAssertEqual(all.count, Self.variants.count + 1)
    }

    func testARunGoesOnWhereItWasStopped() throws {
        let options = [
            "--shards", "dirichlet:0.5", "--augment", "crop:1,flip", "--set", "training.shards=reshuffled",
        ]
        try assertWorks(arguments(out: "whole") + options)
        let job = try start(arguments() + options, ranks: 2)
        try job.waitUntilItListens(ranks: 2)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 1)
        XCTAssertEqual(try FinalState(path("run")), try FinalState(path("whole")))
    }

    func testCoherentBatchesGoOnWhereTheyWereStopped() throws {
        let options = ["--train-images", "90", "--epochs", "12", "--set", "dataset.batches=coherent:2", "--batch", "3"]
        try assertWorks(arguments(out: "whole") + options)
        let job = try start(arguments() + options, ranks: 1)
        try job.waitUntilItListens(ranks: 1)
        kill(job.mpirun, SIGUSR1)
        assertStopped(try job.end(), "run")
        try assertWorks(["resume", "run", "--quiet"], ranks: 2)
        XCTAssertEqual(try FinalState(path("run")), try FinalState(path("whole")))
    }

    func testWhatTheImagesDoNotAllowIsRefused() throws {
        try assertRefused(
            arguments(["--set", "dataset.batches=coherent:11"]),
            "dataset.batches coherent:11: expected at most the 10 classes of the training images, or mixed.")
        try assertRefused(
            arguments(["--set", "dataset.batches=coherent:2", "--batch", "13"]),
            "dataset.batches coherent:2: expected mixed, since the images of some workers fill 5 batches of 13, too few "
                + "for 10 classes.")
        try assertRefused(
            arguments(["--augment", "crop:9"]),
            "dataset.augmentation crop:9: expected crop:n with n below 8, since nothing might be left of images of 8×8 "
                + "pixels.")
        try assertRefused(
            arguments(["--set", "dataset.part=1/2000"]),
            "the 1437 training images of digits can't be divided into 2000 parts: choose at most 1437 with --set "
                + "dataset.part.")
        try assertRefused(
            arguments(["--shards", "dirichlet:0"]),
            "--shards dirichlet:0: expected one of iid, dirichlet:a, sorted, with a number a from 0.000001 to 1000000.")
    }

    /// What norms are good for: without one the run does not get far.
    func testInputsOfDifferentRangesAreTooMuchWithoutANorm() throws {
        let options = ["--set", "dataset.pixels=ranges:10000"]
        let outcome = try normtrain(arguments(options, norm: "none"))
        XCTAssertEqual(outcome.status, 1, outcome.errors)
        XCTAssertTrue(outcome.errors.hasSuffix("lower the learning rate or warm it up.\n"), outcome.errors)
        try assertWorks(arguments(options))
    }

    func testResNet20TrainsOnAugmentedFilesOfCIFAR10() throws {
        try CIFAR10Folder.write(path("data"))
        try assertWorks([
            "train", "--dataset", "cifar10", "--data", "data", "--model", "resnet20", "--norm", "bn", "--train-images",
            "20", "--epochs", "1", "--workers", "2", "--batch", "5", "--augment", "crop:4,flip", "--set",
            "evaluation.batch=500", "--set", "evaluation.every=0", "--quiet", "--out", "run",
        ])
        XCTAssertEqual(try RunFiles(path: path("run")).metrics().count, 3)
    }
}

/// Files of full length in the format of CIFAR-10, whose images and labels follow a pattern.
private enum CIFAR10Folder {
    static func write(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let block = Data((UInt8(0)..<10).flatMap { label in [label] + (0..<3072).map { pixel(label, $0) } })
        var file = Data(capacity: 1000 * block.count)
        for _ in 0..<1000 { file.append(block) }
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try file.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private static func pixel(_ label: UInt8, _ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: place * (Int(label) + 3) + place / 32)
    }
}
