import Foundation
import OneDNN
import XCTest

final class EngineTests: XCTestCase {
    private let product = MatrixProduct(rows: 256, columns: 256, terms: 256)

    /// The threads that appear in the process while a fresh thread computes a convolution and a matrix product.
    private func threadsStarted() throws -> Int {
        let shape = ConvolutionShape(
            images: 4, height: 28, width: 28, inputChannels: 32, outputChannels: 32, kernel: 3, padding: 1)
        let product = product
        // XCTest's own way to wait may start threads, which would be counted.
        let finished = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var started = -1
        let thread = Thread {
            defer { finished.signal() }
            let source = Values.random(shape.sourceCount, seed: 31)
            let weights = Values.random(shape.weightCount, seed: 32)
            let destination = Values.unwritten(shape.destinationCount)
            let before = EngineTests.threadIdentifiers()
            do {
                let packed = try PackedWeights(for: shape)
                try packed.replace(with: weights.pointer)
                try ConvolutionForward.cached(shape).execute(
                    source: source.pointer, weights: packed, destination: destination.pointer)
                try product.execute(left: source.pointer, right: source.pointer, product: destination.pointer)
                started = EngineTests.threadIdentifiers().subtracting(before).count
            } catch {
                XCTFail("\(error)")
            }
        }
        thread.start()
        XCTAssertEqual(finished.wait(timeout: .now() + 60), .success)
        return started
    }

    private static func threadIdentifiers() -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [])
    }

    func testOneThreadComputesUnlessMoreAreAskedFor() throws {
        XCTAssertEqual(Engine.threads, 1)
        XCTAssertEqual(try threadsStarted(), 0)
    }

    func testThreadsAreStartedWhenAskedForAndOnlyThen() throws {
        try Engine.useThreads(3)
        XCTAssertEqual(try threadsStarted(), 2)
        try Engine.useThreads(1)
        XCTAssertEqual(try threadsStarted(), 0)
    }

    func testMoreThreadsThanImagesComputeTheSameConvolution() throws {
        try Engine.useThreads(3)
        defer { XCTAssertNoThrow(try Engine.useThreads(1)) }
        let shape = ConvolutionShape(
            images: 2, height: 9, width: 6, inputChannels: 7, outputChannels: 5, kernel: 3, padding: 1)
        let source = Values.random(shape.sourceCount, seed: 33)
        let outputGradient = Values.random(shape.destinationCount, seed: 34)
        let gradient = Values.unwritten(shape.weightCount)
        try ConvolutionWeightGradient.cached(shape).execute(
            source: source.pointer, outputGradient: outputGradient.pointer, weightGradient: gradient.pointer)
        let expected = PlainConvolution(shape: shape).weightGradient(
            source: source.doubles, outputGradient: outputGradient.doubles)
        assertClose(gradient, expected, "\(shape)")
    }

    func testPrimitivesOfAnotherNumberOfThreadsAreOthers() throws {
        let shape = PoolingShape(images: 1, height: 4, width: 4, channels: 8)
        let one = try MaxPoolingForward.cached(shape)
        try Engine.useThreads(2)
        let two = try MaxPoolingForward.cached(shape)
        try Engine.useThreads(1)
        XCTAssertFalse(one === two)
        XCTAssertTrue(try MaxPoolingForward.cached(shape) === one)
    }

    func testNoThreadsAreRefused() {
        XCTAssertThrowsError(try Engine.useThreads(0)) { error in
            XCTAssertEqual("\(error)", "oneDNN can't compute with 0 threads: give 1 or more.")
        }
        XCTAssertEqual(Engine.threads, 1)
    }
}
