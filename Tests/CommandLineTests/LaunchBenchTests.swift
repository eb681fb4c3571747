import Foundation
import XCTest

/// The table of `launch/bench`, with programs in place of the peers.
final class LaunchBenchTests: CommandLineTestCase {
    /// With contiguous images PyTorch gives 100, 400 and 200 images a second in the three rounds, with channels_last 900,
    /// 50 and 60, and JAX always 150: medians 200, 60 and 150.
    private let peers = """
        case "$*" in
        -c*) echo 1.2.3; exit ;;
        *channels_last) figures=(900 50 60) ;;
        *contiguous) figures=(100 400 200) ;;
        *) figures=(150 150 150) ;;
        esac
        file=calls-$(basename "$1")-${@: -1}
        echo "$@" >>"$file"
        echo "{\\"images_per_second\\": ${figures[$(wc -l <"$file") - 1]}, \\"peak_memory_bytes\\": 1}"
        """

    override func setUpWithError() throws {
        try super.setUpWithError()
        guard try start("python3", ["--version"]).status == 0 else { throw XCTSkip("python3 is not installed") }
    }

    func testTheRatioIsTheMedianOfTheRoundsAgainstTheFasterFormatOfAPeer() throws {
        let outcome = try bench(peers, ["--peers", "torch,jax", "--rounds", "3", "--json", "figures.json"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.errors, "")
        XCTAssertTrue(outcome.outputLines.allSatisfy { $0.count <= 100 }, outcome.output)

        let measurements = try measurements(in: "figures.json")
        XCTAssertEqual(
            measurements.map { [$0.peer, $0.variant, "\($0.round)"] },
            (1...3).flatMap { round in
                [["PyTorch", "contiguous"], ["PyTorch", "channels_last"], ["JAX", "nhwc"]].map { $0 + ["\(round)"] }
            })
        let torch = measurements.filter { $0.variant == "contiguous" }
        XCTAssertEqual(torch.map(\.other), [100, 400, 200])
        let jax = measurements.filter { $0.peer == "JAX" }
        let torchRatio = median([torch[0].normtrain / 100, torch[1].normtrain / 400, torch[2].normtrain / 200])
        let jaxRatio = median(jax.map { $0.normtrain / 150 })

        let row = try XCTUnwrap(outcome.outputLines.first { $0.hasPrefix("gn ") }, outcome.output)
        let cells = row.split(separator: " ").map(String.init)
        XCTAssertEqual(cells.count, 10, row)
        XCTAssertEqual(Array(cells[..<2] + cells[3...4] + [cells[6]]), ["gn", "1", "200", "contiguous", "150"], row)
        // Printed with no and with two decimals.
        XCTAssertEqual(try XCTUnwrap(Double(cells[2])), median(measurements.map(\.normtrain)), accuracy: 0.51, row)
        XCTAssertEqual(try XCTUnwrap(Double(cells[5])), torchRatio, accuracy: 0.00501, row)
        XCTAssertEqual(try XCTUnwrap(Double(cells[7])), jaxRatio, accuracy: 0.00501, row)
        XCTAssertEqual(cells[8], cells[5], "the fastest peer is PyTorch: \(row)")
    }

    func testAPeerThatIsNotInstalledIsLeftOutWithASentence() throws {
        let withoutJAX = "[[ \"$*\" != *'import jax'* ]] || { echo 'ImportError: no jax' >&2; exit 1; }\n"
        let outcome = try bench(withoutJAX + peers, ["--rounds", "1"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let python = path("python")
        XCTAssertEqual(
            outcome.errors,
            "bench: JAX is left out: \(python) can't use JAX (ImportError: no jax); install it with "
                + "`\(python) -m pip install 'jax>=0.6'`, or name another interpreter in PEER_PYTHON.\n")
        XCTAssertFalse(outcome.output.contains("JAX"), outcome.output)
    }

    func testFiguresAreWrittenThroughALinkAndOntoNothingButFiles() throws {
        XCTAssertEqual(mkfifo(path("pipe"), 0o600), 0)
        try FileManager.default.createSymbolicLink(atPath: path("loop"), withDestinationPath: "loop")
        for (name, complaint) in [
            ("pipe", "is no file, and can't be replaced by one"), ("loop", "is a link to itself"),
        ] {
            let outcome = try bench(peers, ["--json", name])
            XCTAssertEqual(outcome.status, 1)
            XCTAssertEqual(outcome.errors, "bench: --json: \(name) \(complaint).\n")
        }
        try write("", to: "figures.json")
        XCTAssertEqual(chmod(path("figures.json"), 0o600), 0)
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "figures.json")
        let outcome = try bench(peers, ["--peers", "jax", "--rounds", "1", "--json", "link"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(try measurements(in: "figures.json").map(\.other), [150])
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: path("link")), "figures.json")
        let permissions = try FileManager.default.attributesOfItem(atPath: path("figures.json"))[.posixPermissions]
        XCTAssertEqual(permissions as? Int, 0o600)
    }

    func testAPeerThatIsAskedForAndNotInstalledIsAnError() throws {
        let outcome = try bench("echo 'ImportError: no torch' >&2; exit 1", ["--peers", "torch"])
        XCTAssertEqual(outcome.status, 1)
        let python = path("python")
        XCTAssertEqual(
            outcome.errors,
            "bench: \(python) can't use PyTorch (ImportError: no torch); install it with `\(python) -m pip install "
                + "torch --index-url https://download.pytorch.org/whl/cpu`, or name another interpreter in PEER_PYTHON.\n"
        )
    }

    func testAnInterpreterThatIsNotThereIsNamed() throws {
        let outcome = try start(Self.launchFolder + "/bench", [], environment: ["PEER_PYTHON": path("none")])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(outcome.errors, "bench: PEER_PYTHON names no program: \(path("none")).\n")
    }

    func testAPeerThatFailsIsToldInItsOwnWords() throws {
        let outcome = try bench("[ \"$1\" = -c ] || { echo 'rank 1: lost' >&2; exit 3; }", ["--peers", "jax"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(
            outcome.errors, "bench: JAX (nhwc) with gn and batch 1 ended with status 3: rank 1: lost\n")
    }

    func testAnOptionThatIsWrongIsNamed() throws {
        let outcome = try start(Self.launchFolder + "/bench", ["--norms", "gn,bm"])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertEqual(
            outcome.errors,
            "bench: argument --norms: \"bm\" is none of bn, syncbn, gn, ln: `launch/bench --help` explains.\n")
    }

    /// Measures a single configuration, with a script in place of Python.
    private func bench(_ script: String, _ arguments: [String]) throws -> Outcome {
        try write("#!/bin/bash\n\(script)\n", to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path("python"))
        return try start(
            Self.launchFolder + "/bench", ["-np", "1", "--norms", "gn", "--batches", "1", "--steps", "1"] + arguments,
            seconds: 120, environment: ["PEER_PYTHON": path("python"), "NORMTRAIN_BINARY": Self.binary])
    }

    private struct Measurement {
        let peer: String, variant: String, round: Int
        /// Images a second.
        let normtrain: Double, other: Double
    }

    private func measurements(in file: String) throws -> [Measurement] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path(file)))
        let report = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try XCTUnwrap(report["measurements"] as? [[String: Any]]).map { entry in
            func speed(_ key: String) throws -> Double {
                let figures = try XCTUnwrap(entry[key] as? [String: Any], key)
                return try XCTUnwrap(figures["images_per_second"] as? NSNumber, key).doubleValue
            }
            return Measurement(
                peer: try XCTUnwrap(entry["peer"] as? String), variant: try XCTUnwrap(entry["variant"] as? String),
                round: try XCTUnwrap(entry["round"] as? Int), normtrain: try speed("normtrain"),
                other: try speed("other"))
        }
    }

    /// Of an odd number of values.
    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
