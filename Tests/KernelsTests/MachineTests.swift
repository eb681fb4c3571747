import Kernels
import XCTest

/// What the machine's limits are measured with.
final class MachineTests: XCTestCase {
    /// x ← 1 + x/2 has the fixed point 2, and halves the distance from it in every turn.
    func testEachOfTheChainsRunsToTwo() {
        let chains = MultiplyAddChains.flopsPerTurn / 2
        XCTAssertEqual(MultiplyAddChains.run(turns: 60, from: 1000), Float(2 * chains))
        XCTAssertNotEqual(MultiplyAddChains.run(turns: 1, from: 1000), Float(2 * chains))
    }

    func testAPlainReadSeesEveryValueOfItsBlocks() {
        // 0 + 1 + … + (n − 1) = n(n − 1)/2 over the values in whole blocks of 64.
        for (count, read) in [(0, 0), (63, 0), (64, 64), (200, 192), (640, 640)] {
            let values = (0..<count).map { Float(bitPattern: UInt32($0)) }
            XCTAssertEqual(plainRead(values, count: count), UInt32(read * max(0, read - 1) / 2), "\(count)")
        }
    }
}
