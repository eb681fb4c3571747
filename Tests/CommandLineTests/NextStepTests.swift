import XCTest

/// The last line of a command says what to look at next, where it is not in the way.
final class NextStepTests: CommandLineTestCase {
    private func next(_ outcome: Outcome) -> [Substring] {
        outcome.errors.split(separator: "\n").filter { $0.hasPrefix("next: ") }
    }

    func testCommandsThatPrintForPeopleSayItOnceBesideTheResults() throws {
        try assertWorks(smallRun("gn", "--quiet", out: "a run"))
        let commands = [
            ["eval", "a run"]: "normtrain export 'a run' --pytorch weights.safetensors gives the weights to PyTorch.",
            ["export", "a run", "--pytorch", "w"]:
                "load_state_dict(safetensors.torch.load_file(…)) in Python, or normtrain train --init w.",
            ["bench", "--dataset", "digits", "--norm", "gn", "--batch", "2", "--steps", "1"]:
                "mpirun -np 2 normtrain bench kernels measures each part of a step by itself.",
            ["verify", "--norm", "gn", "--dataset", "digits"]:
                "the whole training, with mpirun -np 2 normtrain train or compare.",
        ]
        for (command, text) in commands {
            let outcome = try assertWorks(command)
            XCTAssertEqual(next(outcome), ["next: \(text)"], outcome.command)
            XCTAssertFalse(outcome.output.contains("next: "), outcome.command)
        }
    }

    func testDataForOtherProgramsStandAlone() throws {
        let bench = ["bench", "--dataset", "digits", "--norm", "gn", "--batch", "2", "--steps", "1", "--json"]
        for command in [bench, ["config"], ["list"], ["--version"]] {
            XCTAssertEqual(try assertWorks(command).errors, "", "\(command)")
        }
    }
}
