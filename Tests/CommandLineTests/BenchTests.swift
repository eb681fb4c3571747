import Autograd
import Foundation
import XCTest

/// `normtrain bench`: what it prints, never how fast the machine is.
final class BenchTests: CommandLineTestCase {
    private func json(_ outcome: Outcome) throws -> [String: Any] {
        try XCTUnwrap(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func rows(_ report: [String: Any], _ key: String) throws -> [[String: Any]] {
        try XCTUnwrap(report[key] as? [[String: Any]], key)
    }

    private func number(_ row: [String: Any], _ key: String) throws -> Double {
        try XCTUnwrap(row[key] as? Double, "\(key) of \(row)")
    }

    private func assertPositive(_ row: [String: Any], _ keys: String...) throws {
        for key in keys {
            let value = try number(row, key)
            XCTAssertTrue(value > 0 && value.isFinite, "\(key) of \(row)")
        }
    }

    /// Operations are counted as direct sums take them; Winograd's algorithm multiplies a fourth as often.
    private func assertShareOfPeak(_ row: [String: Any]) throws {
        let share = try number(row, "share_of_peak")
        let isDirect = [row["algorithm"], row["convolution"]].contains { $0 as? String == "direct" }
        XCTAssertTrue(share > 0 && share < (isDirect ? 1.2 : 4.8), "\(row)")
    }

    func testEveryCombinationOfSettingsHasARowWithAllFigures() throws {
        let outcome = try assertWorks([
            "bench", "--norm", "none,syncbn", "--batch", "2,3", "--workers", "4", "--steps", "6", "--json",
        ])
        XCTAssertEqual(outcome.errors, "")
        let report = try json(outcome)
        XCTAssertEqual(try number(report, "ranks"), 2)
        let peak = try XCTUnwrap(report["peak"] as? [String: Any])
        try assertPositive(peak, "gflops_per_core", "gflops")
        let rows = try rows(report, "rows")
        XCTAssertEqual(
            rows.map { "\($0["norm"] ?? "") \($0["batch"] ?? "") \($0["workers"] ?? "") \($0["steps"] ?? "")" },
            ["none 2 4 6", "syncbn 2 4 6", "none 3 4 6", "syncbn 3 4 6"])
        for row in rows {
            let step = try XCTUnwrap(row["step_seconds"] as? [String: Any])
            try assertPositive(step, "tenth", "median", "ninetieth")
            XCTAssertLessThanOrEqual(try number(step, "tenth"), try number(step, "median"))
            XCTAssertLessThanOrEqual(try number(step, "median"), try number(step, "ninetieth"))
            try assertPositive(
                row, "images_per_second", "gflops", "gflops_per_rank", "convolution_seconds", "step_over_convolutions",
                "bytes_per_step", "messages_per_step", "communication_share", "peak_memory_bytes")
            try assertShareOfPeak(row)
            XCTAssertEqual(try number(row, "mflop_per_image"), 130.967_04, accuracy: 1e-9)
            XCTAssertLessThan(try number(row, "communication_share"), 1)
            if BufferPool.reusesMemory {
                XCTAssertEqual(try number(row, "new_buffers"), 0, "a warm step asked the heap for memory")
            }
            let images = try number(row, "images_per_second") * number(step, "median")
            XCTAssertEqual(images, try number(row, "workers") * number(row, "batch"), accuracy: 1e-6)
            XCTAssertEqual(
                try number(row, "gflops"), try number(row, "images_per_second") * 0.130_967_04, accuracy: 1e-6)
        }
        XCTAssertEqual(try number(rows[0], "bytes_per_step"), try number(rows[2], "bytes_per_step"))
        // A norm of five layers that synchronises forward and backward sends ten messages more than none.
        XCTAssertEqual(try number(rows[1], "messages_per_step") - number(rows[0], "messages_per_step"), 10)
    }

    func testTheTablesFit100ColumnsAndShowTheirGrowthWithTheWorkers() throws {
        let outcome = try assertWorks([
            "bench", "--norm", "syncbn", "--batch", "1", "--workers", "2,8,64", "--reduction", "float", "--dataset",
            "digits", "--steps", "2",
        ])
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
        for workers in [2, 8, 64] {
            let row = try Regex("^syncbn +\(workers) ")
            let rows = outcome.outputLines.filter { $0.contains(row) }
            XCTAssertEqual(rows.count, 2, outcome.output)
        }
        XCTAssertTrue(outcome.errors.hasPrefix("normtrain: measuring 3 rows, which takes about "), outcome.errors)
    }

    func testEachKernelConvolutionAndMessageHasARow() throws {
        let report = try json(assertWorks(["bench", "kernels", "--batch", "2", "--rounds", "1", "--json"]))
        let convolutions = try rows(report, "convolutions")
        // Three passes of five layers, without the gradient of the images.
        XCTAssertEqual(convolutions.count, 14)
        XCTAssertEqual(Set(convolutions.map { "\($0["layer"] ?? "") \($0["pass"] ?? "")" }).count, 14)
        for row in convolutions {
            try assertPositive(row, "seconds", "gflops")
            try assertShareOfPeak(row)
        }
        let sum = try convolutions.reduce(0) { try $0 + number($1, "seconds") }
        XCTAssertEqual(try number(report, "convolution_seconds"), sum, accuracy: sum)

        let kernels = try rows(report, "kernels")
        var counts: [String: Int] = [:]
        for row in kernels {
            try assertPositive(row, "seconds", "gb_per_second", "copy_gb_per_second", "read_gb_per_second", "share")
            counts["\(row["kernel"] ?? ""), \(row["place"] ?? "")", default: 0] += 1
        }
        var expected = [
            "softmax cross-entropy, cache": 1, "gradient to fixed point, cache": 1,
            "gradient from fixed point, cache": 1, "gradient descent, cache": 1,
        ]
        for place in ["cache", "memory"] {
            for kernel in ["moments", "normalise + ReLU", "gradient moments", "input gradient"] {
                expected["\(kernel), \(place)"] = 3
            }
            expected["max pooling, \(place)"] = 2
            expected["max pooling, gradient, \(place)"] = 2
        }
        XCTAssertEqual(counts, expected)

        let messages = try rows(report, "allreduces")
        XCTAssertEqual(try messages.map { try number($0, "elements") }, [1, 16, 256, 4096, 65_536, 1_048_576])
        for row in messages { try assertPositive(row, "seconds", "bare_seconds", "ratio") }
    }

    func testOneRankMeasuresItsKernelsInTablesOf100Columns() throws {
        let outcome = try assertWorks(["bench", "kernels", "--batch", "1", "--rounds", "1"], ranks: 1)
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)
        XCTAssertTrue(outcome.output.hasSuffix("no all-reduce was measured.\n"), outcome.output)
    }

    func testSettingsThatAreNoneAreRefused() throws {
        try assertRefused(
            ["bench", "--batch", "9223372036854775807", "--workers", "4"],
            "--batch 9223372036854775807: expected at most 250000 images a worker, for bench makes those of all workers."
        )
        try assertRefused(
            ["bench", "--batch", "2,0"], "--batch 0: expected a whole number from 1.")
        try assertRefused(
            ["bench", "--workers", "1"],
            "--workers 1: expected 2 or more, one for each rank; start at most 1 (mpirun -np 1) or set workers to "
                + "2 or more.")
        try assertRefused(
            ["bench", "--steps", "0"], "--steps 0: expected a whole number from 1: see normtrain --help.")
        try assertRefused(
            ["bench", "kernels", "--isa", "avx1"],
            "--isa avx1: expected one of native, avx2, avx512; did you mean 'avx2'?")
    }
}
