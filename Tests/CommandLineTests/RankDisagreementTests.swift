import XCTest

/// What goes wrong on one rank only, or differs between ranks: all must end, and the rank must be named.
final class RankDisagreementTests: CommandLineTestCase {
    /// Starts the program with each rank in a folder of its own, `0` and `1`, as on two hosts.
    private func normtrainInFoldersOfItsRanks(_ arguments: [String]) throws -> Outcome {
        let change = "cd \"$OMPI_COMM_WORLD_RANK\" && exec \"$0\" \"$@\""
        return try mpirun(["-np", "2", "sh", "-c", change, Self.binary] + arguments)
    }

    private func trainOnOwnData() throws -> Outcome {
        try normtrainInFoldersOfItsRanks([
            "train", "--norm", "syncbn", "--dataset", "mnist", "--data", "data", "--epochs", "1", "--train-images",
            "10",
            "--out", path("run"),
        ])
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        for rank in ["0", "1"] { _ = try IDXFolder(writing: path("\(rank)/data")) }
    }

    func testAnErrorInTheImagesEndsAllRanks() throws {
        let images = try IDXFolder(writing: path("0/data"))
        try images.write(IDXFolder.labels([1, 2, 3]), to: IDXFolder.testLabels)
        assertRefused(
            try trainOnOwnData(),
            "data/t10k-images-idx3-ubyte holds 10 images but data/t10k-labels-idx1-ubyte holds 3 "
                + "labels: use files that belong together.")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run")))
    }

    /// Hosts need no file system in common.
    func testOnlyTheFirstRankReadsImages() throws {
        let first = try trainOnOwnData()
        XCTAssertEqual(first.status, 0, first.errors)
        let digest = try RunFiles(path: path("run")).text("weights_sha256")
        try FileManager.default.removeItem(atPath: path("1/data"))
        let second = try trainOnOwnData()
        XCTAssertEqual(second.status, 0, second.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).text("weights_sha256"), digest)
    }

    func testAnotherConfigurationOnOneRankIsNoticed() throws {
        let change = "exec \"$0\" \"$@\" --seed \"$OMPI_COMM_WORLD_RANK\""
        assertRefused(
            try mpirun(["-np", "2", "sh", "-c", change, Self.binary, "train", "--dataset", "digits"]),
            "rank 1: the configuration differs from that of rank 0: give all hosts the same options and file.")
    }

    /// A file for --config is that of the first rank, whatever lies at its path elsewhere.
    func testOnlyTheFirstRankReadsTheConfiguration() throws {
        try write("seed: 5\n", to: "0/run.yaml")
        try write("sed: 2\n", to: "1/run.yaml")
        let outcome = try normtrainInFoldersOfItsRanks(
            ["train", "--config", "run.yaml", "--out", path("run")] + Self.smallTraining)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try RunFiles(path: path("run")).number("seed"), 5)
    }
}
