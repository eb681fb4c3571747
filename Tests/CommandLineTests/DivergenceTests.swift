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
        XCTAssertEqual(try RunFiles(path: path("run")).status(), "diverged")
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/result.json")))
    }

    /// A divergence is told in `sentence`; the rows of the steps before it stay.
    private func assertDiverges(_ arguments: [String], _ sentence: String, steps: [String]) throws {
        let outcome = try normtrain(arguments)
        assertRefused(outcome, sentence)
        let files = RunFiles(path: path("run"))
        XCTAssertEqual(try files.metrics().map { $0[0] }, ["step"] + steps)
        XCTAssertEqual(try files.status(), "diverged")
        XCTAssertEqual(try files.description()["reason"] as? String, sentence)
    }

    /// With a rate of 1e30 every weight is about 1e30 after the first step, and products of two of them pass the largest
    /// Float, 3.4e38: the first layer's output does not, the second's does.
    func testALossThatIsNotANumberNamesTheStepAndTheFirstLayer() throws {
        try assertDiverges(smallRun("none", "--lr", "1e30", "--quiet"), diverged(2, "convolution2"), steps: ["1"])
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
    }

    /// They stay all the same: nothing else tells what came of the training.
    func testWeightsSpoiltByTheLastStepAreNoticedAndKept() throws {
        try assertDiverges(
            smallRun("bn", "--lr", "1e30", "--batch", "11", "--quiet"),
            "the loss of the test images after the last step is not a number: lower the learning rate or warm it up.",
            steps: ["1"])
        let sum = try RunFiles(path: path("run")).description()["weights_sha256"] as? String
        XCTAssertEqual(sum?.count, 64)
        XCTAssertTrue(FileManager.default.fileExists(atPath: path("run/weights.safetensors")))
    }

    func testAComparisonNamesTheVariant() throws {
        let arguments = ["compare", "--norms", "none,bn"] + Self.smallTraining + ["--lr", "1e30", "--quiet"]
        assertRefused(try normtrain(arguments + ["--out", "here"]), "none: " + diverged(2, "convolution2"))
        for folder in ["here", "here/none"] { XCTAssertEqual(try RunFiles(path: path(folder)).status(), "diverged") }
    }

    func testARunThatDivergesIsNotTakenForAnEarlierOneInItsFolder() throws {
        try assertWorks(smallRun("gn"))
        try assertDiverges(smallRun("none", "--lr", "1e30", "--quiet"), diverged(2, "convolution2"), steps: ["1"])
        XCTAssertFalse(FileManager.default.fileExists(atPath: path("run/weights.safetensors")))
        try assertRefused(
            ["eval", "run"],
            "run: this is no folder of a finished run, which holds config.yaml, weights.safetensors and result.json.")
    }
}
