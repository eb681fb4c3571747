import Foundation
import XCTest

/// Reports as a browser shows them, looked at by axe-core: whatever it finds keeps somebody from reading them.
///
/// `NORMTRAIN_AXE` is the path of its axe.min.js, and `chromium` the browser; `launch/test` gets both where it can.
final class AccessibilityTests: CommandLineTestCase {
    private var axe = ""

    override func setUpWithError() throws {
        try super.setUpWithError()
        guard let file = ProcessInfo.processInfo.environment["NORMTRAIN_AXE"],
            let script = try? String(contentsOfFile: file, encoding: .utf8)
        else { throw XCTSkip("NORMTRAIN_AXE names no axe.min.js") }
        axe = script
        try XCTSkipIf(try start("chromium", ["--version"]).status != 0, "chromium is not installed")
    }

    func testReportsCanBeReadByEverybodyInLightAndDark() throws {
        try assertWorks(smallRun("bn", "--profile", "--quiet"))
        try assertWorks(["compare", "--norms", "bn,syncbn,gn", "--quiet", "--out", "both"] + Self.smallTraining)
        for folder in ["run", "both"] {
            let page = try String(contentsOfFile: path("\(folder)/report.html"), encoding: .utf8)
            for scheme in Scheme.allCases {
                XCTAssertEqual(try violations(in: page, scheme), [], "\(folder), \(scheme)")
            }
        }
    }

    func testWhatIsWrongOnAPageIsFound() throws {
        let page = """
            <!DOCTYPE html><html><head><title>t</title></head><body><main><h1>t</h1>
            <p style="color: #aaa; background: #fff">pale</p></main></body></html>
            """
        XCTAssertEqual(try violations(in: page, .light), ["color-contrast", "html-has-lang"])
    }

    /// As Chromium numbers them.
    private enum Scheme: Int, CaseIterable {
        case dark = 0
        case light = 1
    }

    /// What axe-core finds on a page whose fold-outs are open, in the order of the names of its rules.
    private func violations(in page: String, _ scheme: Scheme) throws -> [String] {
        let looking = """
            <script>\(axe)</script>
            <script>axe.run().then(found => {
              document.title = "found " + JSON.stringify(found.violations.map(rule => rule.id).sort()) + " end"
            })</script>
            </body>
            """
        // The page itself forbids all scripts.
        let opened = page.replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
            .replacing("<details>", with: "<details open>").replacing("</body>", with: looking)
        try write(opened, to: "page.html")
        let outcome = try start(
            "chromium",
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1000,900",
                "--user-data-dir=\(path("browser"))", "--blink-settings=preferredColorScheme=\(scheme.rawValue)",
                "--virtual-time-budget=60000", "--dump-dom", "file://\(path("page.html"))",
            ])
        let found = try XCTUnwrap(outcome.output.firstMatch(of: /<title>found (.*?) end<\/title>/), outcome.errors)
        return try JSONDecoder().decode([String].self, from: Data(found.1.utf8))
    }
}
