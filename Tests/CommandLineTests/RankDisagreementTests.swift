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

    func testAnErrorInTheDataOfOneRankEndsAllAndNamesTheRank() throws {
        for rank in ["0", "1"] {
            let images = try IDXFolder(writing: path("\(rank)/data"))
            try images.write(IDXFolder.labels([1, 2, 3]), to: IDXFolder.testLabels)
            assertRefused(
                try trainOnOwnData(),
                "rank \(rank): data/t10k-images-idx3-ubyte holds 10 images but data/t10k-labels-idx1-ubyte holds 3 "
                    + "labels: use files that belong together.")
            _ = try IDXFolder(writing: images.path)
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run")))
    }

    func testOtherImagesOnOneRankAreNoticed() throws {
        let images = try IDXFolder(writing: path("1/data"))
        var labels = try images.read(IDXFolder.trainLabels)
        labels[labels.count - 15] ^= 1
        try images.write(labels, to: IDXFolder.trainLabels)
        assertRefused(
            try trainOnOwnData(),
            "rank 1: the images of mnist differ from those of rank 0: give all hosts the same files.")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run")))
    }

    func testEqualImagesInOtherFoldersAreTheSameImages() throws {
        let outcome = try trainOnOwnData()
        XCTAssertEqual(outcome.status, 0, outcome.errors)
    }

    func testAnotherConfigurationOnOneRankIsNoticed() throws {
        try write("seed: 1\n", to: "0/run.yaml")
        try write("seed: 2\n", to: "1/run.yaml")
        assertRefused(
            try normtrainInFoldersOfItsRanks(["train", "--config", "run.yaml"]),
            "rank 1: the configuration differs from that of rank 0: give all hosts the same options and file.")
        try write("sed: 2\n", to: "1/run.yaml")
        assertRefused(
            try normtrainInFoldersOfItsRanks(["train", "--config", "run.yaml"]),
            "rank 1: run.yaml:1: expected a key of the configuration, found 'sed'; did you mean 'seed'?")
    }
}
