import XCTest

/// Runs that go astray, and say where.
final class DivergenceTests: CommandLineTestCase {
    private func diverged(_ step: Int, _ layer: String) -> String {
        "the loss of step \(step) is not a number, and the first layer whose output is not finite is \(layer): "
            + "lower the learning rate or warm it up."
    }

    private func assertRefused(_ arguments: [String], matching pattern: String) throws {
        let outcome = try normtrain(arguments)
        let whole = "^normtrain: \(pattern): (the run diverges; )?lower the learning rate or warm it up\\.\n$"
        XCTAssertNotNil(outcome.errors.range(of: whole, options: .regularExpression), outcome.errors)
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(try entries(), [])
    }

    /// With a rate of 1e30 every weight is about 1e30 after the first step, and products of two of them pass the largest
    /// Float, 3.4e38: the first layer's output does not, the second's does.
    func testALossThatIsNotANumberNamesTheStepAndTheFirstLayer() throws {
        try assertRefused(smallRun("none", "--lr", "1e30", "--quiet"), diverged(2, "convolution2"))
    }

    /// Squares of 1e30 are too large for the sums of a synchronised norm; the others get by until the second layer.
    func testWithANormTheFirstLayerIsTheNormOrTheNextConvolution() throws {
        for norm in ["bn", "syncbn", "gn"] {
            try assertRefused(
                smallRun(norm, "--lr", "1e30", "--quiet"),
                matching: "the loss of step 2 is not a number, and the first layer whose output is not finite is "
                    + "(normalization1|convolution2)")
        }
    }

    func testAGradientTooLargeToBeSummedNamesTheParameterAndTheStep() throws {
        try assertRefused(
            smallRun("none", "--lr", "10", "--quiet"),
            matching: "the gradient of convolution[1-5]\\.weight in step [2-6] is not finite or too large to be summed")
    }

    func testWeightsSpoiltByTheLastStepAreNoticed() throws {
        try assertRefused(
            smallRun("bn", "--lr", "1e30", "--batch", "11", "--quiet"),
            "the loss of the test images after the last step is not a number: lower the learning rate or warm it up.")
    }

    func testAComparisonNamesTheVariantAndLeavesNothingHalfWritten() throws {
        let arguments = ["compare", "--norms", "none,bn"] + Self.smallTraining + ["--lr", "1e30", "--quiet"]
        try assertRefused(arguments + ["--out", "here"], "none: " + diverged(2, "convolution2"))
    }

    func testAFailedRunLeavesTheFilesOfAnEarlierOneAlone() throws {
        try assertWorks(smallRun("gn"))
        try assertRefused(smallRun("none", "--lr", "1e30", "--quiet"), diverged(2, "convolution2"))
        XCTAssertEqual(try RunFiles(path: path("run")).text("normalization"), "gn")
    }
}
