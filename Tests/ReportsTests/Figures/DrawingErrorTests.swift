import Foundation
import XCTest

@testable import Reports

/// What is said where there is no picture.
final class DrawingErrorTests: XCTestCase {
    /// A program that stands in for gnuplot.
    private func program(_ script: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "gnuplot-\(getpid())-\(name.hash)").path
        try "#!/bin/sh\n\(script)\n".write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
        addTeardownBlock { try? FileManager.default.removeItem(atPath: file) }
        return file
    }

    private func sentence(_ script: String, limit: Duration = .seconds(20)) throws -> String {
        var sentence = ""
        XCTAssertThrowsError(try Gnuplot(program: program(script), limit: limit).svg(of: Figures.lines)) {
            sentence = "\($0)"
        }
        return sentence
    }

    func testWithoutGnuplotItIsNamedWithItsPackage() {
        XCTAssertThrowsError(try Gnuplot(program: "no-such-gnuplot").svg(of: Figures.lines)) {
            XCTAssertEqual($0 as? DrawingError, .gnuplotMissing)
            XCTAssertTrue("\($0)".contains("gnuplot-nox"))
        }
    }

    func testTheCubesNeedNoGnuplot() throws {
        XCTAssertTrue(try Gnuplot(program: "no-such-gnuplot").svg(of: Figures.cubes).contains("instance norm"))
    }

    func testItsComplaintIsInTheSentence() throws {
        XCTAssertEqual(
            try sentence("cat >/dev/null; echo '         line 7: undefined variable: x' >&2; exit 1"),
            "gnuplot could not draw the figure batch-size: it ended with status 1: line 7: undefined variable: x.")
    }

    func testHalfAPictureIsNone() throws {
        XCTAssertEqual(
            try sentence("cat >/dev/null; echo '<svg><g><path d=\"M0,0\"/>'"),
            "gnuplot could not draw the figure batch-size: g does not end.")
        XCTAssertEqual(
            try sentence("cat >/dev/null; echo '<svg></svg>'"),
            "gnuplot could not draw the figure batch-size: it drew 0 of 7 layers.")
        XCTAssertEqual(
            try sentence("cat >/dev/null"), "gnuplot could not draw the figure batch-size: it holds no element.")
    }

    func testAPictureThatLacksAMarkIsNone() throws {
        try XCTSkipIf(
            (try? Gnuplot().svg(of: Figures.lines)) == nil, "gnuplot is not installed: apt-get install gnuplot-nox.")
        XCTAssertEqual(
            try sentence("gnuplot -d - | sed \"0,/<use xlink:href='#gpPt6' transform/{//d}\""),
            "gnuplot could not draw the figure batch-size: it drew 0 marks of 1.")
    }

    func testItsTimeIsLimited() throws {
        XCTAssertEqual(
            try sentence("sleep 60", limit: .seconds(1)),
            "gnuplot could not draw the figure batch-size: it took longer than 1 s.")
    }
}
