import XCTest

/// How convolutions are computed is a part of the configuration.
final class ConvolutionChoiceTests: CommandLineTestCase {
    private func weights(_ options: String..., ranks: Int, out: String) throws -> String {
        let arguments = ["train", "--dataset", "digits", "--train-images", "96", "--batch", "8", "--workers", "2"]
        try assertWorks(
            arguments + ["--epochs", "1", "--out", out, "--quiet"] + options, ranks: ranks)
        return try RunFiles(path: path(out)).text("weights_sha256")
    }

    func testDirectSumsGiveTheSameBitsOnAnyNumberOfRanks() throws {
        let alone = try weights("--convolution", "direct", ranks: 1, out: "alone")
        XCTAssertEqual(try weights("--convolution", "direct", ranks: 2, out: "together"), alone)
        let configuration = try String(contentsOfFile: path("alone/config.yaml"), encoding: .utf8)
        XCTAssertTrue(configuration.contains("convolution: direct"), configuration)
    }

    /// There oneDNN has no other algorithm.
    func testWithAVX2TheFastestConvolutionIsDirect() throws {
        let direct = try weights("--isa", "avx2", "--convolution", "direct", ranks: 2, out: "direct")
        XCTAssertEqual(try weights("--isa", "avx2", ranks: 2, out: "fastest"), direct)
    }

    func testAnotherNameIsRefused() throws {
        let outcome = try normtrain(["train", "--convolution", "winograd"], ranks: 1)
        XCTAssertNotEqual(outcome.status, 0)
        XCTAssertTrue(
            outcome.errors.contains("--convolution") && outcome.errors.contains("fastest, direct"), outcome.errors)
    }
}
