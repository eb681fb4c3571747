import XCTest

/// Files of images that can't be used.
final class DataRefusalTests: CommandLineTestCase {
    private func images() throws -> IDXFolder { try IDXFolder(writing: path("data")) }

    private func assertRefused(_ sentence: String) throws {
        try assertRefused(
            ["train", "--norm", "gn", "--dataset", "mnist", "--data", "data", "--epochs", "1", "--out", "run"],
            sentence)
    }

    func testTheFilesOfTheseTestsAreGoodBeforeTheyAreSpoilt() throws {
        let images = try images()
        try images.compress(IDXFolder.trainImages)
        try assertWorks([
            "train", "--norm", "gn", "--dataset", "mnist", "--data", "data", "--train-images", "20", "--epochs", "1",
            "--out", "run",
        ])
    }

    func testAMissingFileIsNamed() throws {
        try images().remove(IDXFolder.testLabels)
        try assertRefused(
            "data/t10k-labels-idx1-ubyte is missing: name the folder that holds train-images-idx3-ubyte, "
                + "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (with or without .gz) "
                + "with --data DIR.")
    }

    func testATruncatedGzipIsNamed() throws {
        let images = try images()
        try images.compress(IDXFolder.trainImages)
        let file = IDXFolder.trainImages + ".gz"
        try images.write(images.read(file).dropLast(100), to: file)
        try assertRefused(
            "data/train-images-idx3-ubyte.gz is corrupt (it ends amid the compressed data): fetch it again.")
    }

    func testACorruptGzipIsNamed() throws {
        let images = try images()
        try images.compress(IDXFolder.trainImages)
        let file = IDXFolder.trainImages + ".gz"
        var bytes = try images.read(file)
        // The checksum stands in the eight bytes at the end.
        bytes[bytes.count - 8] ^= 0xff
        try images.write(bytes, to: file)
        try assertRefused("data/train-images-idx3-ubyte.gz is corrupt (incorrect data check): fetch it again.")
    }

    func testATruncatedFileIsNamed() throws {
        let images = try images()
        try images.write(images.read(IDXFolder.trainImages).dropLast(1), to: IDXFolder.trainImages)
        try assertRefused(
            "data/train-images-idx3-ubyte is truncated (1295 of 1296 uncompressed bytes): fetch it again.")
    }

    func testLabelsUnderTheNameOfImagesAreNamed() throws {
        let images = try images()
        try images.write(images.read(IDXFolder.trainLabels), to: IDXFolder.trainImages)
        try assertRefused(
            "data/train-images-idx3-ubyte should hold images (unsigned bytes in 3 dimensions) but holds unsigned "
                + "bytes in 1 dimension: the two files may have been given each other's name.")
    }

    func testImagesAndLabelsOfDifferentCountsAreNamed() throws {
        try images().write(IDXFolder.labels([1, 2, 3]), to: IDXFolder.trainLabels)
        try assertRefused(
            "data/train-images-idx3-ubyte holds 20 images but data/train-labels-idx1-ubyte holds 3 labels: "
                + "use files that belong together.")
    }

    func testALabelBeyondTheClassesIsNamed() throws {
        try images().write(IDXFolder.labels([0, 1, 2, 10, 4, 5, 6, 7, 8, 9]), to: IDXFolder.testLabels)
        try assertRefused(
            "data/t10k-labels-idx1-ubyte gives image 3 (counted from 0) the label 10, beyond 0 to 9: "
                + "use a data set of 10 classes.")
    }

    func testClassesWithoutATrainingImageAreNamed() throws {
        let images = try images()
        // Sorted by class, without the last two.
        try images.write(IDXFolder.labels((0..<20).map { UInt8($0 * 8 / 20) }), to: IDXFolder.trainLabels)
        let outcome = try assertWorks([
            "train", "--norm", "gn", "--dataset", "mnist", "--data", "data", "--train-images", "8", "--epochs", "1",
            "--out", "run", "--quiet",
        ])
        XCTAssertEqual(
            outcome.errors,
            "normtrain: none of the 8 training images has the classes 8, 9: what no image shows can't be learned.\n")
    }

    func testMoreImagesThanThereAreAreRefused() throws {
        try assertRefused(
            ["train", "--dataset", "digits", "--train-images", "1438"],
            "1438 training images can't be taken from digits, which has 1437 to train on: choose 1 to 1437 with "
                + "--train-images.")
    }
}
