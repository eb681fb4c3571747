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

    /// The fourth convolution makes about 1e10, the fifth gets about 1e37 back from the dense layer: their product passes
    /// the largest Float, while the loss, of about 1e-30 × 1e10 × 1e38, is far from it.
    func testAGradientThatIsNotFiniteNamesTheParameterAndTheStep() throws {
        try assertWorks(smallRun("none", "--quiet", out: "source"), ranks: 1)
        try FileManager.default.createDirectory(atPath: path("scaled"), withIntermediateDirectories: false)
        try assertWorks(["export", "source", "--pytorch", "scaled/weights.safetensors"], ranks: 1)
        try FileManager.default.removeItem(atPath: path("source"))
        let file = RunFiles(path: path("scaled"))
        try file.scaleWeights(by: ["convolution1.weight": 1e10, "convolution5.weight": 1e-30, "dense.weight": 1e38])
        let outcome = try normtrain(smallRun("none", "--init", "scaled/weights.safetensors", "--quiet"))
        assertRefused(
            outcome,
            "the gradient of convolution5.weight in step 1 is not finite or too large to be summed: the run diverges; "
                + "lower the learning rate or warm it up.")
        XCTAssertEqual(try entries().filter { !$0.contains("scaled") }, [])
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
