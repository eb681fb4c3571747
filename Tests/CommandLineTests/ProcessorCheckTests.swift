import XCTest

@testable import normtrain

/// A CPU that can't run the build.
final class ProcessorCheckTests: XCTestCase {
    private let sandyBridge = """
        processor\t: 0
        model name\t: Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz
        flags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 popcnt aes avx lahf_lm
        bugs\t\t: spectre_v1
        """

    func testTheMissingInstructionsAreNamed() {
        XCTAssertEqual(
            ProcessorCheck.complaint(processor: sandyBridge, needed: ["avx", "avx2", "fma"]),
            "normtrain: this build needs a CPU with avx2, fma, which this one lacks: build it here with "
                + "NORMTRAIN_MARCH=native.")
    }

    func testACPUThatHasThemAllIsFine() {
        XCTAssertNil(ProcessorCheck.complaint(processor: sandyBridge, needed: ["avx", "sse4_2"]))
        XCTAssertNil(ProcessorCheck.complaint)
    }

    func testAKernelThatTellsNoFlagsIsTrusted() {
        XCTAssertNil(ProcessorCheck.complaint(processor: "processor\t: 0\n", needed: ["avx2"]))
    }
}
