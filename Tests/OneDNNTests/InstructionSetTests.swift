import OneDNN
import XCTest

final class InstructionSetTests: XCTestCase {
    private func computeSomething() throws {
        let values = Values.random(4, seed: 41)
        let result = Values.unwritten(4)
        try MatrixProduct(rows: 2, columns: 2, terms: 2).execute(
            left: values.pointer, right: values.pointer, product: result.pointer)
    }

    func testInstructionSetInUseIsKnownByName() throws {
        let current = try XCTUnwrap(InstructionSet.current)
        XCTAssertNotEqual(current, .all)
        XCTAssertTrue(current.description.hasPrefix("cpu_isa_"), current.description)
    }

    func testLimitComesTooLateOnceSomethingWasComputed() throws {
        try computeSomething()
        XCTAssertThrowsError(try InstructionSet.limit(to: .sse41)) { error in
            XCTAssertTrue("\(error)".contains("already works with cpu_isa_"), "\(error)")
        }
    }

    /// The limit must come before any computation of the process, so that this needs a process of its own.
    func testLimitBeforeTheFirstComputationHolds() throws {
        let printed = try ProcessOfItsOwn.run("InstructionSetTests/testChildProcessLimitsItself")
        XCTAssertTrue(printed.contains("limited to cpu_isa_sse41"), printed)
    }

    func testChildProcessLimitsItself() throws {
        try ProcessOfItsOwn.require()
        try InstructionSet.limit(to: .sse41)
        try computeSomething()
        XCTAssertEqual(InstructionSet.current, .sse41)
        print("limited to \(InstructionSet.current?.description ?? "unknown")")
    }
}
