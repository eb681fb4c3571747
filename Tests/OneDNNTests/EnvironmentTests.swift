import OneDNN
import XCTest

final class EnvironmentTests: XCTestCase {
    func testVariablesThatDecideBitsAreToldInTheOrderOfTheirNames() throws {
        // The defaults, so that it doesn't matter if oneDNN should read them meanwhile.
        let variables = [
            "ONEDNN_MAX_CPU_ISA": "ALL", "DNNL_MAX_CPU_ISA": "ALL", "ONEDNN_DEFAULT_FPMATH_MODE": "STRICT",
            "DNNL_DEFAULT_FPMATH_MODE": "STRICT", "ONEDNN_CPU_ISA_HINTS": "NO_HINTS", "DNNL_CPU_ISA_HINTS": "",
        ]
        let before = OneDNNLibrary.environment
        defer {
            for name in variables.keys { unsetenv(name) }
            for (name, value) in before { setenv(name, value, 1) }
        }
        for name in variables.keys { unsetenv(name) }
        XCTAssertTrue(OneDNNLibrary.environment.isEmpty)
        for (name, value) in variables { setenv(name, value, 1) }
        XCTAssertEqual(OneDNNLibrary.environment.map(\.name), variables.keys.sorted())
        XCTAssertEqual(OneDNNLibrary.environment.map(\.value), ["", "STRICT", "ALL", "NO_HINTS", "STRICT", "ALL"])
    }
}
