import Runs
import XCTest

/// What every message of the program looks like.
final class SentenceTests: XCTestCase {
    func testEveryMessageIsOneLineWithAnEnd() {
        XCTAssertEqual(sentence("it fails"), "it fails.")
        XCTAssertEqual(sentence("it fails."), "it fails.")
        XCTAssertEqual(sentence("did you mean 'seed'?"), "did you mean 'seed'?")
        XCTAssertEqual(sentence("it fails:\nnobody knows why\n"), "it fails: nobody knows why.")
    }
}
