import MPI
import XCTest

/// Tests that run on any number of ranks, one included, as one suite: each rank runs all tests in the same order.
///
///     mpirun -np 3 .build/debug/normtrainPackageTests.xctest MPITests.AllreduceTests
///
/// MPI is entered with the first such test of a process and left after its last.
open class MPITestCase: XCTestCase {
    /// All ranks of the run.
    public private(set) var world: Communicator!

    open override func setUpWithError() throws {
        try super.setUpWithError()
        try MPIEnvironment.start()
        _ = FinishAfterLastTest.registered
        world = try Communicator.world
    }

    /// A rank that fails may miss a collective in which the others wait: the first failure ends the run on all ranks.
    open override func recordFailure(
        withDescription description: String, inFile filePath: String, atLine lineNumber: Int, expected: Bool
    ) {
        super.recordFailure(withDescription: description, inFile: filePath, atLine: lineNumber, expected: expected)
        if let ranks = MPIEnvironment.launchedRanks, ranks > 1 { MPIEnvironment.abort(1) }
    }
}

/// Leaves MPI when the last test has run, since XCTest ends the process itself.
private final class FinishAfterLastTest: NSObject, XCTestObservation {
    static let registered: Void = XCTestObservationCenter.shared.addTestObserver(FinishAfterLastTest())

    func testBundleDidFinish(_ testBundle: Bundle) {
        do {
            try MPIEnvironment.finish()
        } catch {
            print("error: \(error)")
            MPIEnvironment.abort(1)
        }
    }
}
