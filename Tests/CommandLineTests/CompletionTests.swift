import Normalization
import XCTest

/// What a shell offers while a command is typed, by the scripts that `launch/install` puts in its way.
final class CompletionTests: CommandLineTestCase {
    private func write(script shell: String, to name: String) throws {
        let outcome = try start(Self.binary, ["--generate-completion-script", shell])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        try write(outcome.output, to: name)
    }

    /// What bash offers at the end of a command, sorted.
    private func offered(byBash command: String) throws -> [String] {
        try write(script: "bash", to: "completions")
        let script = """
            source completions
            read -ra COMP_WORDS <<<"$1"
            [[ "$1" != *' ' ]] || COMP_WORDS+=('')
            COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            # The function that a terminal would call.
            function=$(complete -p normtrain | sed -nE 's/.* -F ([^ ]+) .*/\\1/p')
            "$function" normtrain "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try start("bash", ["-c", script, "bash", command], seconds: 10)
        XCTAssertEqual(outcome.errors, "", command)
        return outcome.outputLines.filter { !$0.isEmpty }.sorted()
    }

    private let norms = Norm.catalogue.map(\.name).sorted()

    func testCommandsAreOffered() throws {
        XCTAssertEqual(try offered(byBash: "normtrain ex"), ["export"])
        XCTAssertTrue(Set(try offered(byBash: "normtrain ")).isSuperset(of: ["train", "compare", "list"]))
    }

    /// They are declared by no property of a command.
    func testOptionsThatStandForKeysAreOffered() throws {
        XCTAssertEqual(try offered(byBash: "normtrain train --opt"), ["--optimiser"])
        XCTAssertTrue(Set(try offered(byBash: "normtrain compare --")).isSuperset(of: ["--norms", "--batch", "--out"]))
        XCTAssertFalse(try offered(byBash: "normtrain compare --").contains("--norm"))
    }

    func testTheNamesThatAnOptionTakesAreOffered() throws {
        XCTAssertEqual(try offered(byBash: "normtrain train --norm "), norms)
        XCTAssertEqual(try offered(byBash: "normtrain train --batch 2 --norm sy"), ["syncbn"])
        XCTAssertEqual(try offered(byBash: "normtrain list no"), ["norms"])
        // Forms such as ghost:n are no values.
        XCTAssertEqual(try offered(byBash: "normtrain train --statistics w"), ["worker", "world"])
    }

    func testFoldersAndFilesAreOfferedWhereTheyAreTaken() throws {
        try FileManager.default.createDirectory(atPath: path("results"), withIntermediateDirectories: false)
        try write("", to: "resolved.yaml")
        XCTAssertEqual(try offered(byBash: "normtrain resume res"), ["results"])
        XCTAssertEqual(try offered(byBash: "normtrain train --out res"), ["results"])
        XCTAssertEqual(try offered(byBash: "normtrain train --config res"), ["resolved.yaml", "results"])
    }

    func testFishOffersTheSame() throws {
        try write(script: "fish", to: "normtrain.fish")
        func offered(_ command: String) throws -> [String] {
            let outcome = try start(
                "fish", ["--no-config", "-c", "source normtrain.fish; complete --do-complete '\(command)'"],
                environment: ["HOME": folder])
            XCTAssertEqual(outcome.errors, "", command)
            // Behind a tabulator stands what it means.
            return outcome.outputLines.compactMap { $0.split(separator: "\t").first.map(String.init) }.sorted()
        }
        XCTAssertEqual(try offered("normtrain ex"), ["export"])
        XCTAssertEqual(try offered("normtrain train --norm "), norms)
        XCTAssertEqual(try offered("normtrain train --opt"), ["--optimiser"])
    }

    func testZshReadsItsScript() throws {
        try write(script: "zsh", to: "_normtrain")
        let outcome = try start("zsh", ["-f", "-n", "_normtrain"])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        XCTAssertEqual(outcome.errors, "")
        let script = "autoload -Uz compinit; fpath=($PWD $fpath); compinit -D -u; print -- $_comps[normtrain]"
        XCTAssertEqual(try start("zsh", ["-f", "-c", script]).output, "_normtrain\n")
    }
}
