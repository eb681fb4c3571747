import XCTest

@testable import Experiments

/// The parts of `normtrain bench` that take no time.
final class BenchmarkTests: XCTestCase {
    func testQuantilesLieBetweenTheMeasurements() {
        let eleven = Quantiles([5, 1, 11, 3, 9, 7, 2, 10, 4, 8, 6])
        XCTAssertEqual([eleven.tenth, eleven.median, eleven.ninetieth], [2, 6, 10])
        let two = Quantiles([10, 0])
        XCTAssertEqual([two.tenth, two.median, two.ninetieth], [1, 5, 9])
        XCTAssertEqual(Quantiles([3]).ninetieth, 3)
    }

    func testPeakMemoryIsReadFromTheKernelsDescription() {
        XCTAssertEqual(
            PeakMemory.bytes(status: "Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 5 kB\n"), 1_263_616)
        XCTAssertNil(PeakMemory.bytes(status: "Name:\tx\n"))
    }

    func testMemoryThatWasTouchedIsInThePeakAfterItIsFreed() throws {
        let bytes = 96 << 20
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
        memory.deallocate()
        XCTAssertGreaterThan(try XCTUnwrap(PeakMemory.bytes), bytes)
    }

    func testEachCombinationIsARow() throws {
        var settings = BenchmarkSettings()
        settings.workers = "2,4"
        settings.batches = "1,8"
        settings.norms = "bn,gn"
        settings.reductions = "exact,float"
        settings.dataset = "cifar10"
        let rows = try settings.drafts().map(\.configuration)
        XCTAssertEqual(rows.map(\.workers), Array(repeating: 2, count: 8) + Array(repeating: 4, count: 8))
        XCTAssertEqual(rows.prefix(8).map(\.training.batch), [1, 1, 1, 1, 8, 8, 8, 8])
        XCTAssertEqual(rows.prefix(4).map(\.normalization.norm.rawValue), ["bn", "bn", "gn", "gn"])
        XCTAssertEqual(rows.prefix(4).map(\.training.reduction.rawValue), ["exact", "float", "exact", "float"])
        XCTAssertEqual(Set(rows.map(\.dataset.name.rawValue)), ["cifar10"])
    }

    func testAListWithAHoleIsRefused() {
        for list in ["", "2,", ",2", "2,,4"] {
            var settings = BenchmarkSettings()
            settings.batches = list
            XCTAssertThrowsError(try settings.drafts(), list) { XCTAssertTrue("\($0)".hasPrefix("--batch "), "\($0)") }
        }
    }

    func testACopyMovesAsManyBytesAsItsKernel() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 7, count: 1536)
        let kernel = KernelCase(
            kernel: "example", shape: "", place: .memory, bytesRead: 2048, bytesWritten: 1024, run: {})
        XCTAssertNoThrow(try kernel.contestants(beside: memory)[1].run())
        let sevens = (0..<4096).filter { memory.load(fromByteOffset: $0, as: UInt8.self) == 7 }
        XCTAssertEqual(sevens, Array(0..<3072))
    }

    func testTheShareOfAKernelThatOnlyReadsIsThatOfAPlainRead() {
        func figures(bytesWritten: Int) -> KernelFigures {
            let kernel = KernelCase(
                kernel: "example", shape: "", place: .cache, bytesRead: 3_000_000_000 - bytesWritten,
                bytesWritten: bytesWritten, run: {})
            return KernelFigures(kernel, seconds: [2, 1, 0.5])
        }
        XCTAssertEqual(figures(bytesWritten: 0).bandwidth, 1.5)
        XCTAssertEqual(figures(bytesWritten: 0).share, 0.25)
        XCTAssertEqual(figures(bytesWritten: 1).share, 0.5)
        XCTAssertEqual(figures(bytesWritten: 1).seconds, 2)
    }
}
