import Foundation
import XCTest

/// `launch/kubernetes-mpijob.yaml` and `launch/Containerfile`, as far as can be told without a cluster and without a
/// container engine.
final class KubernetesTests: CommandLineTestCase {
    private static let root = URL(fileURLWithPath: launchFolder).deletingLastPathComponent()

    private func text(_ file: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
    }

    /// What the published schemas have against a manifest.
    private func complaints(about manifest: String) throws -> String {
        guard let python = ProcessInfo.processInfo.environment["NORMTRAIN_PYTHON"] else {
            throw XCTSkip("NORMTRAIN_PYTHON names no Python with kubernetes-validate")
        }
        try write(manifest, to: "job.yaml")
        let outcome = try start(python, [Self.root.appending(path: "Tests/Kubernetes/validate.py").path, "job.yaml"])
        XCTAssertEqual(outcome.errors, "")
        XCTAssertEqual(outcome.status, outcome.output.isEmpty ? 0 : 1)
        return outcome.output
    }

    func testTheJobIsValidByThePublishedSchemas() throws {
        XCTAssertEqual(try complaints(about: text("launch/kubernetes-mpijob.yaml")), "")
    }

    func testMistakesInTheJobAreFound() throws {
        let manifest = try text("launch/kubernetes-mpijob.yaml")
        let mistakes = [
            ("slotsPerWorker: 2", "slotsPerWorker: two", "'two' is not of type 'integer'"),
            ("replicas: 4", "replica: 4", "'replica' was unexpected"),
            ("image: normtrain", "imag: normtrain", "'imag' was unexpected"),
            ("claimName: runs", "claim: runs", "'claimName' is a required property"),
        ]
        for (right, wrong, complaint) in mistakes {
            XCTAssertTrue(manifest.contains(right), right)
            let found = try complaints(about: manifest.replacingOccurrences(of: right, with: wrong))
            XCTAssertTrue(found.contains(complaint), "\(wrong): \(found)")
        }
    }

    func testThereAreAsManyRanksAsSlots() throws {
        let manifest = try text("launch/kubernetes-mpijob.yaml")
        let slots = try XCTUnwrap(manifest.firstMatch(of: /slotsPerWorker: (\d+)/)).1
        let pods = try XCTUnwrap(manifest.firstMatch(of: /Worker:\n +replicas: (\d+)/)).1
        let ranks = try XCTUnwrap(manifest.firstMatch(of: /- -np\n +- "(\d+)"/)).1
        XCTAssertEqual(Int(ranks), (Int(slots) ?? 0) * (Int(pods) ?? 0))
    }

    func testTheImageHasTheUserAndTheFilesThatTheJobNames() throws {
        let manifest = try text("launch/kubernetes-mpijob.yaml")
        let image = try text("launch/Containerfile")
        XCTAssertTrue(image.contains("useradd --create-home --uid 1000 mpiuser"))
        XCTAssertEqual(manifest.matches(of: /runAsUser: 1000\n/).count, 2)
        XCTAssertTrue(manifest.contains("sshAuthMountPath: /home/mpiuser/.ssh\n"))
        XCTAssertTrue(image.contains("HostKey /home/mpiuser/.ssh/id_rsa"))
        let configuration = try XCTUnwrap(manifest.firstMatch(of: /args: \[-De, -f, (.*)\]/)).1
        XCTAssertTrue(image.contains(">\(configuration)\n"), String(configuration))
    }

    func testTheImageIsBuiltFromWhatIsThere() throws {
        let image = try text("launch/Containerfile")
        for copied in image.matches(of: #/\nCOPY (?!--from)(\S+) /#).map(\.1) {
            XCTAssertTrue(
                FileManager.default.fileExists(atPath: Self.root.appending(path: String(copied)).path), String(copied))
        }
        XCTAssertTrue(image.contains("\nRUN launch/install /install\n"))
        XCTAssertTrue(image.contains("\nCOPY --from=build /install /usr/local\n"))
    }

    func testItsPackagesAreThoseThatTheProgramNeedsAndExist() throws {
        let packages = try XCTUnwrap(
            text("launch/Containerfile").firstMatch(of: /--no-install-recommends \\\n +(.+) \\\n/)
        ).1.split(separator: " ").map(String.init)
        // Its header says what a machine that only runs the program needs.
        let needed = try XCTUnwrap(text("launch/install").firstMatch(of: /needs the packages (.+?) and (\w+)/))
        let named = needed.1.split(separator: ", ").map(String.init) + [String(needed.2)]
        XCTAssertTrue(Set(packages).isSuperset(of: named), "\(named)")
        let lists = try FileManager.default.contentsOfDirectory(atPath: "/var/lib/apt/lists")
        try XCTSkipIf(!lists.contains { $0.contains("_Packages") }, "apt has no lists of packages here")
        for package in packages {
            let policy = try start("apt-cache", ["policy", package]).output
            XCTAssertNotNil(policy.firstMatch(of: /Candidate: \d/), package)
        }
    }
}
