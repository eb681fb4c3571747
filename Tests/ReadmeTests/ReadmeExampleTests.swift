import Foundation
import XCTest

/// The program in the README is compiled against this package and run on two ranks.
final class ReadmeExampleTests: XCTestCase {
    private var folder = ""
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "normtrain-readme-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder + "/Sources/own", withIntermediateDirectories: true)
    }

    override func tearDown() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func testTheProgramInTheReadmeNormalisesOverTwoRanks() throws {
        let readme = try String(contentsOfFile: root + "/README.md", encoding: .utf8)
        let program = try XCTUnwrap(readme.components(separatedBy: "```swift\n").dropFirst().first)
            .components(separatedBy: "```")[0]
        try program.write(toFile: folder + "/Sources/own/main.swift", atomically: true, encoding: .utf8)
        try manifest.write(toFile: folder + "/Package.swift", atomically: true, encoding: .utf8)

        let build = try run("swift", ["build", "-c", "release", "--package-path", folder], seconds: 600)
        XCTAssertEqual(build.status, 0, build.output)
        let output = try run(
            "mpirun", ["-q", "--oversubscribe", "--allow-run-as-root", "-np", "2", folder + "/.build/release/own"],
            seconds: 60)
        XCTAssertEqual(output.status, 0, output.output)
        let figures = output.output.split(separator: "\n").compactMap { line in
            line.split(separator: ":").last.flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        }
        XCTAssertEqual(figures.count, 2, output.output)
        // The mean square of normalised values is σ²/(σ²+ε); the values are 0…3 and 10…17, of variance over 30.
        XCTAssertEqual(try XCTUnwrap(figures.first), 1, accuracy: 1e-6)
        // Upstream gradients reach 289 and 1/σ is below 0.2, so that rounding leaves no more than this.
        XCTAssertEqual(try XCTUnwrap(figures.last), 0, accuracy: 289 * 0.2 * 12 * 1e-6)
    }

    private var manifest: String {
        """
        // swift-tools-version:6.1
        import PackageDescription
        let package = Package(
            name: "own",
            dependencies: [.package(name: "normtrain", path: "\(root)")],
            targets: [
                .executableTarget(
                    name: "own",
                    dependencies: [
                        .product(name: "MPI", package: "normtrain"), .product(name: "Autograd", package: "normtrain"),
                        .product(name: "Normalization", package: "normtrain"),
                        .product(name: "Workers", package: "normtrain"),
                    ])
            ])
        """
    }

    private func run(_ program: String, _ arguments: [String], seconds: Int) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "\(seconds)", program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
