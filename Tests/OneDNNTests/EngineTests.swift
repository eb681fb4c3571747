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

    func testOneThreadComputes() throws {
        XCTAssertEqual(try threadsStarted(), 0)
    }
}
