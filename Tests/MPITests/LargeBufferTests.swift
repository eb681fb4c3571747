import XCTest

@testable import MPI

final class LargeBufferTests: MPITestCase {
    func testPartsCoverTheBufferWithoutGapOrOverlap() {
        XCTAssertEqual(parts(of: 0, limit: 4), [])
        XCTAssertEqual(parts(of: 3, limit: 4), [0..<3])
        XCTAssertEqual(parts(of: 8, limit: 4), [0..<4, 4..<8])
        XCTAssertEqual(parts(of: 9, limit: 4), [0..<4, 4..<8, 8..<9])
    }

    func testOffsetsStepByTheSizeOfAnElement() {
        assertStride(Int64.self)
        assertStride(Int.self)
        assertStride(UInt64.self)
        assertStride(UInt8.self)
        assertStride(Double.self)
        assertStride(Float.self)
    }

    func testBufferOfSeveralPartsIsBroadcastAndReducedToItsEnd() throws {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: largestChunk + 3)
        defer { buffer.deallocate() }
        buffer.initialize(repeating: 0)
        let seam = [0, largestChunk - 1, largestChunk, largestChunk + 2]
        if world.rank == 0 {
            for (value, index) in seam.enumerated() { buffer[index] = UInt8(value + 1) }
        }
        try world.broadcast(buffer, root: 0)
        XCTAssertEqual(seam.map { buffer[$0] }, [1, 2, 3, 4])
        try world.allreduce(buffer, .sum)
        XCTAssertEqual(seam.map { Int(buffer[$0]) }, [1, 2, 3, 4].map { $0 * world.size })
        XCTAssertEqual(buffer[largestChunk + 1], 0)
    }

    func testCountsBeyond32BitsAreRefusedNotTruncated() throws {
        let count = Int(Int32.max) + 2
        // The elements are never touched: one is enough.
        let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        defer { pointer.deallocate() }
        let values = UnsafeBufferPointer(start: pointer, count: count)
        let result = UnsafeMutableBufferPointer(start: pointer, count: count * world.size)
        let counts = [Int](repeating: count, count: world.size)
        assertTooLarge("MPI_Iallgather", count) { try world.allgather(values, into: result) }
        assertTooLarge("MPI_Igather", count) { try world.gather(values, into: result, root: 0) }
        assertTooLarge("MPI_Iallgatherv", result.count) { try world.allgather(values, into: result, counts: counts) }
        assertTooLarge("MPI_Igatherv", result.count) {
            try world.gather(values, into: result, counts: counts, root: 0)
        }
        assertTooLarge("MPI_Iallreduce", count) {
            try world.iallreduce(UnsafeMutableBufferPointer(start: pointer, count: count), .sum).wait()
        }
        assertTooLarge("MPI_Comm_split", count) { _ = try world.split(color: 0, key: count) }
    }

    private func assertStride<Element: MPIElement>(_ type: Element.Type) {
        XCTAssertEqual(Element.datatype.stride, MemoryLayout<Element>.stride, "\(type)")
    }

    private func parts(of count: Int, limit: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        forEachChunk(of: count, limit: limit) { offset, count in parts.append(offset..<offset + Int(count)) }
        return parts
    }

    private func assertTooLarge(_ call: String, _ count: Int, _ body: () throws -> Void) {
        XCTAssertThrowsError(try body(), call) {
            XCTAssertEqual($0 as? MPIError, .countTooLarge(call: call, count: count))
        }
    }
}
