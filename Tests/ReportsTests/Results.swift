@testable import Reports

/// A result of which only some fields matter.
func result(
    _ normalization: String, statistics: String, errorPercent: Double = 10, workers: Int = 4, batch: Int = 2,
    loss: Double = 1, scores: [String: Double]? = nil
) -> RunResult {
    RunResult(
        command: "compare", normalization: normalization, statistics: statistics, ranks: 2, workers: workers,
        batch: batch, epochs: 1, seed: 1, dataset: "digits", instructionSet: "AVX2", trainLoss: loss,
        scores: scores ?? ["test_error_percent": errorPercent], imagesPerSecond: 1234.5, seconds: 61.25,
        communicationShare: 0.125, weightsSha256: "")
}
