import Foundation
import XCTest

/// A test of studies on a few of the embedded digits.
class StudyTestCase: InterruptionTestCase {
    /// Two norms at two batches with two seeds: eight trials of a fraction of a second.
    static let small =
        smallTrials + """

            contrasts:
              - {first: {norm: bn}, second: {norm: syncbn}, at: {batch: 2}, claim: higher}
            """

    /// The same without a contrast.
    static let smallTrials = """
        name: small
        seeds: 2
        base:
          dataset: {name: digits, trainImages: 24}
          training: {epochs: 1}
        axes:
          norm:
            normalization.norm: [bn, syncbn]
          batch:
            training.batch: [2, 8]
            workers: [4, 1]
        """

    /// Carries out a study's file in a folder named `study`.
    func study(_ options: String..., ranks: Int = 1, out: String = "study") throws -> Outcome {
        try normtrain(["study", "s.yaml", "--out", out] + options, ranks: ranks)
    }

    /// The folders of the trials, sorted.
    func trials(_ study: String = "study") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path("\(study)/trials")).sorted()
    }

    /// What a trial's folder says of it.
    func trial(_ name: String, in study: String = "study") -> RunFiles {
        RunFiles(path: path("\(study)/trials/\(name)"))
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// The rows of `results.csv` by column.
    func results(_ study: String = "study") throws -> [[String: String]] {
        let rows = try text("\(study)/results.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
    }

    /// When each trial's result was written.
    func moments(_ study: String = "study") throws -> [String: Date] {
        try Dictionary(
            uniqueKeysWithValues: trials(study).map { name in
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: path("\(study)/trials/\(name)/result.json"))
                return (name, try XCTUnwrap(attributes[.modificationDate] as? Date))
            })
    }
}
