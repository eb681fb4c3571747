import Foundation
import XCTest

@testable import Settings

/// Files that users write.
final class ConfigurationFuzzTests: FuzzTestCase {
    func testBrokenConfigurationsAreRefused() throws {
        let small = """
            # A comment.
            seed: 7
            dataset: {name: digits, trainImages: 100}
            training:
              batch: 4
              stepEpochs: [1, 2]
              learningRate: 0.01
            """
        try fuzz(
            "configuration", inputs: 2_000,
            corpus: [Array(small.utf8), Array(Configuration().yaml().utf8), Array(Configuration().commentedYAML.utf8)],
            tokens: Self.tokens, bytesPerByte: 2048,
            refusal: ConfigurationError.self
        ) { bytes in
            // As for a file: a text that isn't UTF-8 is refused before it is parsed.
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ConfigurationError.notUTF8(file: "broken.yaml")
            }
            let draft = try ConfigurationDraft(yaml: text, file: "broken.yaml")
            for command in [Configuration.Command.train, .compare] {
                let configuration = try draft.validated(for: command, ranks: 2)
                let again = try ConfigurationDraft(yaml: configuration.yaml(), file: "again.yaml")
                XCTAssertEqual(again.configuration, configuration)
            }
        }
    }

    private static let tokens =
        [
            "&a ", "*a", "- ", "? ", ": ", "[", "]", "{", "}", "[[", "{a: ", "|\n", ">\n", "!!int ", "!!float ",
            "!!binary ", "!!str ", "!!null ", "!!set ", "!a ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "\t", "\n",
            "\u{0}", "\u{FEFF}", "\u{2028}", "'", "\"", "\\x", "\"\\uD800\"", "# ", "~", "null", "yes", ".nan", ".inf",
            "-.inf", "1e999", "1e-999", "0x7fffffffffffffff", "0xffffffffffffffffff", "0o777", "0b1", "1_000",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", ":59", "1:0:0:0:0:0:0:0:0:0:0:0:0",
            "-1:99999999999999999:1", "1:1.5", "ghost:0", "ghost:-1", "workers:99999999999999999999", "world",
            "2001-12-14t21:59:43.10-05:00",
        ] + Configuration.keys.compactMap { $0.path.split(separator: ".").last.map { "\n" + $0 + ": " } }
}
