import Foundation
import Kernels

/// A kernel on one of the network's shapes, beside the same bytes copied and read.
struct KernelCase {
    /// Where its data lie when it begins.
    enum Place: String, Codable {
        /// A slice, as training computes it.
        case cache
        /// So many images that no cache holds them.
        case memory
    }

    let kernel: String
    /// What it works on.
    let shape: String
    let place: Place
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
    func contestants(beside memory: UnsafeMutableRawPointer) -> [Turns.Contestant] {
        let half = bytes / 2
        let bytes = bytes
        return [
            Turns.Contestant(repeats: repeats, run: run),
            Turns.Contestant(repeats: repeats) { memcpy(memory + half, memory, half) },
            Turns.Contestant(repeats: repeats) {
                _ = plainRead(memory.assumingMemoryBound(to: Float.self), count: bytes / MemoryLayout<Float>.stride)
            },
        ]
    }
}

/// What the measurements of a kernel come to: a row of `normtrain bench kernels`.
struct KernelFigures: Codable, Equatable {
    let kernel: String
    let shape: String
    let place: KernelCase.Place
    let seconds: Double
    /// 10⁹ bytes a second, read and written together.
    let bandwidth: Double
    let copyBandwidth: Double
    let readBandwidth: Double
    /// Of the copy's bandwidth, or of the read's where the kernel writes nothing to speak of.
    let share: Double

    /// - Parameter seconds: of `KernelCase.contestants`.
    init(_ measured: KernelCase, seconds: ArraySlice<Double>) {
        let speeds = seconds.map { Double(measured.bytes) / $0 / 1e9 }
        kernel = measured.kernel
        shape = measured.shape
        place = measured.place
        self.seconds = Double(measured.bytes) / speeds[0] / 1e9
        bandwidth = speeds[0]
        copyBandwidth = speeds[1]
        readBandwidth = speeds[2]
        share = bandwidth / (measured.bytesWritten > 0 ? copyBandwidth : readBandwidth)
    }

    enum CodingKeys: String, CodingKey {
        case kernel, shape, place, seconds, share
        case bandwidth = "gb_per_second"
        case copyBandwidth = "copy_gb_per_second"
        case readBandwidth = "read_gb_per_second"
    }
}
