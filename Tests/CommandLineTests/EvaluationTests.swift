import Foundation
import XCTest

/// `normtrain eval`
final class EvaluationTests: CommandLineTestCase {
    private var files: RunFiles { RunFiles(path: path("run")) }

    private func sentence(_ norm: String, _ statistics: String, _ outcome: Outcome) throws -> (
        error: String, rest: String
    ) {
        let pattern = "run (\(norm)), statistics \(statistics): test error "
        let line = try XCTUnwrap(outcome.outputLines.first)
        XCTAssertTrue(line.hasPrefix(pattern), line)
        let parts = line.dropFirst(pattern.count).split(separator: "%", maxSplits: 1).map(String.init)
        return (parts[0], parts[1])
    }

    func testTheTestErrorIsThatOfTheEndOfTheTrainingOnAnyNumberOfRanks() throws {
        try assertWorks(smallRun("bn", "--workers", "3"))
        let expected = String(format: "%.2f", try files.number("test_error_percent"))
        var answers: Set<String> = []
        for ranks in 1...3 {
            let outcome = try assertWorks(["eval", "run"], ranks: ranks)
            let (error, rest) = try sentence("bn", "pooled", outcome)
            XCTAssertEqual(error, expected, "\(ranks) ranks")
            XCTAssertEqual(outcome.outputLines[1], "At the end of training it was \(expected)%.")
            answers.insert(rest)
        }
        XCTAssertEqual(answers.count, 1, "the number of ranks changed the loss: \(answers)")
    }

    func testOtherStatisticsAreThoseOfARunThatTestedWithThem() throws {
        for statistics in ["worker0", "batch"] {
            try assertWorks(smallRun("bn", "--evaluate", statistics))
            let expected = String(format: "%.2f", try files.number("test_error_percent"))
            try assertWorks(smallRun("bn", out: "pooled"))
            XCTAssertEqual(
                try files.text("weights_sha256"), try RunFiles(path: path("pooled")).text("weights_sha256"))
            let outcome = try assertWorks(["eval", "pooled", "--evaluate", statistics])
            XCTAssertTrue(
                outcome.output.hasPrefix("pooled (bn), statistics \(statistics): test error \(expected)%"),
                outcome.output)
        }
    }

    func testAFolderThatIsNoRunIsRefused() throws {
        let sentence =
            "this is no folder of a finished run, which holds config.yaml, weights.safetensors and result.json."
        try assertRefused(["eval", "nowhere"], "nowhere: \(sentence)")
        try FileManager.default.createDirectory(atPath: path("run"), withIntermediateDirectories: true)
        try assertRefused(["eval", "run"], "run: \(sentence)")
        try write("{\"command\": ", to: "run/result.json")
        try assertRefused(["eval", "run"], "run: \(sentence)")
    }

    func testMoreRanksThanTheRunHadWorkersAreRefused() throws {
        try assertWorks(smallRun("gn"))
        try assertRefused(
            ["eval", "run"], ranks: 3,
            "run: this run had 2 workers, too few for 3 ranks: start at most 2 (mpirun -np 2).")
    }

    func testAMisspeltChoiceOfStatisticsIsRefused() throws {
        try assertWorks(smallRun("bn"))
        try assertRefused(
            ["eval", "run", "--evaluate", "pool"],
            "--evaluate pool: expected one of pooled, worker0, precise, layerwise, batch; did you mean 'pooled'?")
    }

    func testSpoiltWeightsAreRefused() throws {
        try assertWorks(smallRun("syncbn"))
        let file = path("run/weights.safetensors")
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))

        try whole.dropLast(1000).write(to: URL(fileURLWithPath: file))
        let truncated = try normtrain(["eval", "run"])
        XCTAssertTrue(
            truncated.errors.hasPrefix("normtrain: run/weights.safetensors: the file is truncated: tensor "),
            truncated.errors)
        XCTAssertEqual(truncated.errors.split(separator: "\n").count, 1)
        XCTAssertEqual(truncated.status, 1)

        let lying = Data([0xff, 0xff, 0xff, 0, 0, 0, 0, 0]) + whole.dropFirst(8)
        try lying.write(to: URL(fileURLWithPath: file))
        try assertRefused(
            ["eval", "run"],
            "run/weights.safetensors: the file is truncated: its header claims 16777215 bytes, the whole file has "
                + "\(whole.count).")
        let enormous = Data(repeating: 0xff, count: 8) + whole.dropFirst(8)
        try enormous.write(to: URL(fileURLWithPath: file))
        try assertRefused(
            ["eval", "run"],
            "run/weights.safetensors: the file is corrupt or not safetensors: its header claims \(UInt64.max) bytes, "
                + "the format allows 100000000.")

        var bytes = whole
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        try assertRefused(
            ["eval", "run"],
            "run/weights.safetensors: these are not the weights that the run wrote, by the SHA-256 in its result.json; "
                + "put the right file back or train again.")
    }

    func testWeightsOfAnotherNumberOfClassesAreRefused() throws {
        try assertWorks(smallRun("none"))
        var (header, data) = try files.weights()
        let bias = try XCTUnwrap(header["dense.bias"]?["data_offsets"] as? [Int])
        // The last of the ten classes goes, and with it 4 bytes.
        header["dense.bias"]?["shape"] = [9]
        for (name, entry) in header {
            let offsets = try XCTUnwrap(entry["data_offsets"] as? [Int])
            header[name]?["data_offsets"] = offsets.map { $0 >= bias[1] ? $0 - 4 : $0 }
        }
        data.removeSubrange(bias[1] - 4..<bias[1])
        try files.write(weights: header, data)
        try assertRefused(
            ["eval", "run"],
            "run/weights.safetensors: tensor dense.bias has shape [9], expected [10], as in a file of another model.")
    }

    func testWeightsOfAnotherNormAreRefused() throws {
        for norm in ["none", "bn", "gn", "ln", "in"] { try assertWorks(smallRun(norm, out: norm)) }
        func refusal(weightsOf other: String, in run: String) throws -> String {
            try FileManager.default.removeItem(atPath: path("\(run)/weights.safetensors"))
            try FileManager.default.copyItem(
                atPath: path("\(other)/weights.safetensors"), toPath: path("\(run)/weights.safetensors"))
            let outcome = try normtrain(["eval", run])
            XCTAssertEqual(outcome.status, 1)
            XCTAssertEqual(outcome.output, "")
            return outcome.errors
        }
        XCTAssertEqual(
            try refusal(weightsOf: "bn", in: "in"),
            "normtrain: in/weights.safetensors: these weights are not of this network (it has no tensor "
                + "'normalization1.batchCounts'); give the run folder that they belong to.\n")
        XCTAssertEqual(
            try refusal(weightsOf: "none", in: "bn"),
            "normtrain: bn/weights.safetensors: there is no tensor normalization1.gamma in it, "
                + "as in a file of another model.\n")
        // Their tensors have the same names and shapes.
        XCTAssertEqual(
            try refusal(weightsOf: "gn", in: "ln"),
            "normtrain: ln/weights.safetensors: these are not the weights that the run wrote, by the SHA-256 in its "
                + "result.json; put the right file back or train again.\n")
    }
}
