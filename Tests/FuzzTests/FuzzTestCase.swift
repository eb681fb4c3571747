import Foundation
import XCTest

/// Gives a reader broken files: it must refuse each with an error of its own, or understand it, and take no more
/// memory than a file of that size may ask for.
///
///     NORMTRAIN_FUZZ_INPUTS   how many inputs each reader gets; without it a few thousand
///     NORMTRAIN_FUZZ_SEED     what the inputs are made from; without it always the same
///     NORMTRAIN_FUZZ_FIRST    the number of the first one, to make one again
///     NORMTRAIN_FUZZ_FOLDER   where the input that ended the process is noted
///     NORMTRAIN_SANITIZER     the sanitizer of the build, if any: its own memory hides the reader's, which goes unchecked
class FuzzTestCase: XCTestCase {
    /// What of a reader's memory does not depend on its file: buffers of fixed size, and what the allocator keeps.
    private static let fixedBytes = 24 << 20
    /// How many inputs are read between two measurements of the memory.
    private static let batch = 500

    /// - Parameters:
    ///   - reader: its name.
    ///   - inputs: how many, unless the environment says otherwise.
    ///   - corpus: whole files, each of which must be understood.
    ///   - tokens: words of a text format.
    ///   - bytesPerByte: how much memory may a byte of a file ask for.
    ///   - refusal: the error's type.
    ///   - read: gives a file to the reader and checks what it understood.
    func fuzz<Refusal: Error>(
        _ reader: String, inputs: Int, corpus: [[UInt8]], tokens: [String] = [], bytesPerByte: Int,
        refusal: Refusal.Type, _ read: ([UInt8]) throws -> Void
    ) throws {
        let seed = Self.setting("SEED").flatMap(UInt64.init) ?? 1
        let first = Self.setting("FIRST").flatMap { Int($0) } ?? 0
        let count = Self.setting("INPUTS").flatMap { Int($0) } ?? inputs
        let mutator = Mutator(seed: seed, corpus: corpus, tokens: tokens)
        let record = try InputRecord(reader: reader, seed: seed, folder: Self.setting("FOLDER"))
        let sanitizer = ProcessInfo.processInfo.environment["NORMTRAIN_SANITIZER"]
        let allowed = bytesPerByte * mutator.largestInput + Self.fixedBytes
        let clock = ContinuousClock()
        let start = clock.now
        var refused = 0
        for batchStart in stride(from: first, to: first + count, by: Self.batch) {
            let before = try ResidentMemory.restartPeak()
            for index in batchStart..<min(batchStart + Self.batch, first + count) {
                record.note(index)
                let inputStart = clock.now
                do {
                    try read(mutator.input(index))
                } catch let error as Refusal {
                    refused += 1
                    XCTAssertGreaterThan("\(error)".count, 20, record.text(index))
                    XCTAssertGreaterThanOrEqual(index, corpus.count, "a whole file is refused: \(error)")
                } catch {
                    XCTFail("\(record.text(index)): \(type(of: error)) \(error)")
                }
                XCTAssertLessThan(clock.now - inputStart, .seconds(10), record.text(index))
            }
            let grown = try ResidentMemory.peak() - before
            if sanitizer == nil {
                XCTAssertLessThanOrEqual(grown, allowed, "bytes of memory, inputs from \(record.text(batchStart))")
            }
        }
        let seconds = (clock.now - start) / .seconds(1)
        let rate = Int(Double(count) / seconds)
        print("\(reader): \(count) inputs of seed \(seed), \(refused) refused, \(rate) a second")
        XCTAssertGreaterThan(refused, count / 20, "hardly any input is broken")
        record.remove()
    }

    private static func setting(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["NORMTRAIN_FUZZ_\(name)"]
    }
}

/// A file that holds the number of the input being read, in memory that outlives the process.
private struct InputRecord {
    private let path: String
    private let reader: String
    private let seed: UInt64
    private let line: UnsafeMutableRawPointer
    private static let byteCount = 128

    init(reader: String, seed: UInt64, folder: String?) throws {
        self.reader = reader
        self.seed = seed
        path = "\(folder ?? NSTemporaryDirectory())/normtrain-fuzz-\(reader).txt"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.byteCount)) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
        defer { close(descriptor) }
        line = try XCTUnwrap(
            mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), "mmap \(path)")
    }

    func note(_ index: Int) {
        let bytes = Array((text(index) + "\n").utf8.prefix(Self.byteCount))
        bytes.withUnsafeBytes { line.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    }

    /// How to make an input again.
    func text(_ index: Int) -> String {
        "\(reader): NORMTRAIN_FUZZ_SEED=\(seed) NORMTRAIN_FUZZ_FIRST=\(index)"
    }

    func remove() {
        munmap(line, Self.byteCount)
        unlink(path)
    }
}

/// Bytes of memory that the process occupies.
private enum ResidentMemory {
    /// Forgets the peak so far; returns what is occupied now.
    static func restartPeak() throws -> Int {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        return try value(of: "VmRSS:")
    }

    static func peak() throws -> Int { try value(of: "VmHWM:") }

    private static func value(of name: String) throws -> Int {
        let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
        let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix(name) })
        return 1024 * (try XCTUnwrap(Int(line.split { " \t".contains($0) }[1])))
    }
}
