import MPI
import XCTest

final class AllreduceTests: MPITestCase {
    func testSumOverRanksIsTheTriangularNumber() throws {
        let size = world.size
        try assertSum(Int64.self, size * (size + 1) / 2)
        try assertSum(UInt64.self, size * (size + 1) / 2)
        try assertSum(Int.self, size * (size + 1) / 2)
        try assertSum(UInt8.self, size * (size + 1) / 2)
        try assertSum(Double.self, size * (size + 1) / 2)
        try assertSum(Float.self, size * (size + 1) / 2)
    }

    func testEveryElementIsReducedByItself() throws {
        var values = (0..<1000).map { Int64($0 * (world.rank + 1)) }
        try world.allreduce(&values, .sum)
        let triangular = world.size * (world.size + 1) / 2
        XCTAssertEqual(values, (0..<1000).map { Int64($0 * triangular) })
    }

    func testTheBareSumIsTheSame() throws {
        var values = (0..<1000).map { Int64($0 * (world.rank + 1)) }
        try values.withUnsafeMutableBufferPointer { try world.bareAllreduce($0) }
        let triangular = world.size * (world.size + 1) / 2
        XCTAssertEqual(values, (0..<1000).map { Int64($0 * triangular) })
    }

    func testExtremesAreTheFirstAndTheLastRanks() throws {
        let last = world.size - 1
        XCTAssertEqual(try world.allreduce(Int64(-world.rank), .min), Int64(-last))
        XCTAssertEqual(try world.allreduce(Int64(-world.rank), .max), 0)
        XCTAssertEqual(try world.allreduce(Double(world.rank) / 8, .min), 0)
        XCTAssertEqual(try world.allreduce(Double(world.rank) / 8, .max), Double(last) / 8)
        XCTAssertEqual(try world.allreduce(Float(world.rank) / 8, .min), 0)
        XCTAssertEqual(try world.allreduce(Float(world.rank) / 8, .max), Float(last) / 8)
    }

    func testUnsignedNumbersBeyondTheSignedAreLarge() throws {
        let value = world.rank == 0 ? UInt64.max : 1
        XCTAssertEqual(try world.allreduce(value, .max), .max)
        XCTAssertEqual(try world.allreduce(value, .min), world.size == 1 ? .max : 1)
    }

    func testDoubleKeepsItsDigits() throws {
        let value = 1 + Double(sign: .plus, exponent: -40, significand: 1)
        XCTAssertEqual(try world.allreduce(value, .sum), value * Double(world.size))
    }

    func testIntegerSumWrapsOnOverflow() throws {
        let expected = (0..<world.size).reduce(Int64(0)) { sum, _ in sum &+ .max }
        XCTAssertEqual(try world.allreduce(Int64.max, .sum), expected)
    }

    func testEmptyBufferIsReduced() throws {
        var values: [Double] = []
        try world.allreduce(&values, .sum)
        XCTAssertEqual(values, [])
    }

    private func assertSum<Element: MPIElement & Numeric>(_ type: Element.Type, _ expected: Int) throws {
        XCTAssertEqual(try world.allreduce(number(type, world.rank + 1), .sum), number(type, expected), "\(type)")
    }

    private func number<Element: Numeric>(_ type: Element.Type, _ value: Int) -> Element {
        Element(exactly: value) ?? .zero
    }
}
