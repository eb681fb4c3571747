import Foundation
import Kernels
import Reports

/// A kernel on one of the network's shapes, beside the same bytes copied and read.
struct KernelCase {
    let kernel: String
    /// What it works on.
    let shape: String
    /// Where its data lie when it begins.
    let place: KernelFigures.Place
    /// That it must read and write at least, each once.
    let bytesRead: Int
    let bytesWritten: Int
    let run: () throws -> Void

    var bytes: Int { bytesRead + bytesWritten }

    /// A measurement moves about eight megabytes.
    private var repeats: Int { max(1, (8 << 20) / bytes) }

    /// The kernel, a copy that moves as many bytes, and a plain read of as many.
    ///
    /// - Parameter memory: at least as large as the kernel's own data.
    func measured(beside memory: UnsafeMutableRawPointer) -> [Turns.Measured] {
        let half = bytes / 2
        let bytes = bytes
        return [
            Turns.Measured(repeats: repeats, run: run),
            Turns.Measured(repeats: repeats) { memcpy(memory + half, memory, half) },
            Turns.Measured(repeats: repeats) {
                _ = plainRead(memory.assumingMemoryBound(to: Float.self), count: bytes / MemoryLayout<Float>.stride)
            },
        ]
    }

    /// - Parameter seconds: of what `measured(beside:)` gave.
    func figures(_ seconds: ArraySlice<Double>) -> KernelFigures {
        let values = Array(seconds)
        return KernelFigures(
            kernel: kernel, shape: shape, place: place, bytes: bytes, onlyReads: bytesWritten == 0, seconds: values[0],
            copySeconds: values[1], readSeconds: values[2])
    }
}
