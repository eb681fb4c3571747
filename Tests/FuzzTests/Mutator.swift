import Kernels

/// Makes broken files out of whole ones. Input number i is a function of the seed and i alone, so that the input that
/// ends a process can be made again.
struct Mutator {
    let seed: UInt64
    /// Whole files; the first inputs are these as they are.
    let corpus: [[UInt8]]
    /// Words of a text format, which are put in and exchanged for each other; empty for binary formats.
    let tokens: [[UInt8]]
    /// Broken files stay within this many bytes.
    static let byteLimit = 1 << 16

    init(seed: UInt64, corpus: [[UInt8]], tokens: [String] = []) {
        self.seed = seed
        self.corpus = corpus
        self.tokens = tokens.map { Array($0.utf8) }
    }

    /// The largest file that it makes.
    var largestInput: Int { max(Self.byteLimit, corpus.map(\.count).max() ?? 0) }

    func input(_ index: Int) -> [UInt8] {
        if index < corpus.count { return corpus[index] }
        var generator = SeededGenerator(seed: seed, for: "fuzz", index)
        var bytes = corpus[Self.pick(corpus.count, &generator)]
        for _ in 0...Self.pick(4, &generator) {
            mutate(&bytes, &generator)
            if bytes.count > Self.byteLimit { bytes.removeLast(bytes.count - Self.byteLimit) }
        }
        return bytes
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else {
            bytes = corpus[Self.pick(corpus.count, &generator)]
            return
        }
        let place = Self.place(in: bytes, &generator)
        switch Self.pick(tokens.isEmpty ? 8 : 12, &generator) {
        case 0: bytes[place] ^= 1 << UInt8(Self.pick(8, &generator))
        case 1: bytes[place] = UInt8(Self.pick(256, &generator))
        case 2: overwriteInteger(&bytes, at: place, &generator)
        case 3: bytes.removeLast(bytes.count - place)
        case 4: bytes.append(contentsOf: (0...Self.pick(64, &generator)).map { _ in UInt8(Self.pick(256, &generator)) })
        case 5: splice(&bytes, at: place, &generator)
        case 6: duplicate(&bytes, at: place, &generator)
        case 7: bytes.removeSubrange(place..<min(bytes.count, place + 1 + Self.pick(32, &generator)))
        case 8: overwriteDigits(&bytes, &generator)
        case 9: bytes.insert(contentsOf: token(&generator), at: place)
        case 10: exchangeWord(&bytes, at: place, &generator)
        default: insertRepeatedToken(&bytes, at: place, &generator)
        }
    }

    /// Extreme values of one to eight bytes, in either order of bytes.
    private func overwriteInteger(_ bytes: inout [UInt8], at place: Int, _ generator: inout SeededGenerator) {
        let width = 1 << Self.pick(4, &generator)
        let edges: [UInt64] = [
            0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 62,
            .max >> 1, 1 << 63, .max - 7, .max, UInt64(bytes.count), UInt64(bytes.count) + 1,
        ]
        let value = edges[Self.pick(edges.count, &generator)]
        let bigEndian = Self.pick(2, &generator) == 0
        for offset in 0..<min(width, bytes.count - place) {
            let shift = UInt64(8 * (bigEndian ? width - 1 - offset : offset))
            bytes[place + offset] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }

    /// The beginning of this file and the end of another.
    private func splice(_ bytes: inout [UInt8], at place: Int, _ generator: inout SeededGenerator) {
        let other = corpus[Self.pick(corpus.count, &generator)]
        guard !other.isEmpty else { return }
        bytes = Array(bytes[..<place] + other[Self.place(in: other, &generator)...])
    }

    private func duplicate(_ bytes: inout [UInt8], at place: Int, _ generator: inout SeededGenerator) {
        let chunk = bytes[place..<min(bytes.count, place + 1 + Self.pick(256, &generator))]
        let copies = Self.pick(8, &generator) == 0 ? 1 + Self.pick(1000, &generator) : 1
        let fitting = max(1, min(copies, Self.byteLimit / chunk.count))
        bytes.insert(contentsOf: repeatElement(chunk, count: fitting).joined(), at: place)
    }

    /// Puts a token in place of a number of the text.
    private func overwriteDigits(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let starts = bytes.indices.filter { digits ~= bytes[$0] && ($0 == 0 || !(digits ~= bytes[$0 - 1])) }
        guard !starts.isEmpty else { return }
        let start = starts[Self.pick(starts.count, &generator)]
        let end = bytes[start...].firstIndex { !(digits ~= $0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: token(&generator))
    }

    /// Puts a token in place of the word at a place: what lies between two of the characters that end words.
    private func exchangeWord(_ bytes: inout [UInt8], at place: Int, _ generator: inout SeededGenerator) {
        let ends = Array(" \n\"',:{}[]".utf8)
        let start = bytes[..<place].lastIndex { ends.contains($0) }.map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex { ends.contains($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: token(&generator))
    }

    private func insertRepeatedToken(_ bytes: inout [UInt8], at place: Int, _ generator: inout SeededGenerator) {
        let count = 1 << Self.pick(13, &generator)
        bytes.insert(contentsOf: repeatElement(token(&generator), count: count).joined(), at: place)
    }

    private func token(_ generator: inout SeededGenerator) -> [UInt8] {
        tokens[Self.pick(tokens.count, &generator)]
    }

    /// Half of the time near the beginning, where formats have their headers.
    private static func place(in bytes: [UInt8], _ generator: inout SeededGenerator) -> Int {
        pick(pick(2, &generator) == 0 ? min(bytes.count, 32) : bytes.count, &generator)
    }

    /// One of 0..<count.
    private static func pick(_ count: Int, _ generator: inout SeededGenerator) -> Int {
        Int(generator.next() % UInt64(count))
    }
}
