/// The source of everything random in a run: weights, shards, the order of images.
///
/// The sequence is a function of the seed, the purpose and the keys alone: the same on every rank, platform and
/// version of the standard library. It is therefore not passed to `shuffled(using:)` and the like, whose algorithms
/// may change; what a run needs is written here.
///
/// The algorithm is xoshiro256**, seeded by SplitMix64 as its authors advise.
/// D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM Transactions on Mathematical
/// Software 47(4), 2021; reference code at https://prng.di.unimi.it/xoshiro256starstar.c.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    @usableFromInline
    var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator whose sequence is independent of those of any other seed, purpose or keys.
    ///
    /// - Parameters:
    ///   - seed: the seed of the run.
    ///   - purpose: what the numbers are for, such as "shards" or the name of a parameter.
    ///   - keys: further integers that tell sequences apart, such as the epoch and the worker. Their order counts.
    public init(seed: UInt64, for purpose: String, _ keys: Int...) {
        var hash = SplitMix64(state: seed)
        for byte in purpose.utf8 {
            hash.absorb(UInt64(byte))
        }
        // No byte of a text has this value, so that a key is never mistaken for a letter of the purpose.
        hash.absorb(UInt64.max)
        for key in keys {
            hash.absorb(UInt64(bitPattern: Int64(key)))
        }
        self.init(state: (hash.next(), hash.next(), hash.next(), hash.next()))
    }

    /// A generator in a given state, for comparison with the published sequence.
    ///
    /// - Parameter state: the four words of the reference code's state, not all of them zero.
    public init(state: (UInt64, UInt64, UInt64, UInt64)) {
        precondition(state != (0, 0, 0, 0), "a state of zeros yields nothing but zeros")
        self.state = state
    }

    /// Sixty-four random bits.
    @inlinable
    public mutating func next() -> UInt64 {
        let result = rotateLeft(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotateLeft(state.3, by: 45)
        return result
    }

    /// An integer of the uniform distribution on 0..<bound, without bias.
    ///
    /// D. Lemire, "Fast Random Integer Generation in an Interval", ACM Transactions on Modeling and Computer
    /// Simulation 29(1), 2019.
    @inlinable
    public mutating func nextInteger(below bound: Int) -> Int {
        precondition(bound > 0, "no integer lies in 0..<\(bound)")
        let range = UInt64(bound)
        // 2⁶⁴ modulo the range: as many low products are refused, so that each integer keeps equally many.
        let refused = (0 &- range) % range
        var product = next().multipliedFullWidth(by: range)
        while product.low < refused {
            product = next().multipliedFullWidth(by: range)
        }
        return Int(product.high)
    }

    /// A value of the uniform distribution between 0 and 1: the midpoint of one of 2⁵² equal intervals, and so never 0
    /// or 1.
    public mutating func nextUniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

    /// A value of the normal distribution with mean 0 and variance 1, by inversion: one draw of bits a value.
    public mutating func nextNormal() -> Double { normalQuantile(nextUniform()) }

    /// Puts the elements into a random order, each order being equally likely (Fisher–Yates).
    @inlinable
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, nextInteger(below: last + 1))
        }
    }

    @inlinable
    func rotateLeft(_ word: UInt64, by count: UInt64) -> UInt64 {
        (word << count) | (word >> (64 - count))
    }
}

/// The generator that spreads seeds: consecutive integers yield unrelated words.
///
/// G. Steele, D. Lea and C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; reference code at
/// https://prng.di.unimi.it/splitmix64.c.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    var state: UInt64

    /// A generator in a given state.
    public init(state: UInt64) {
        self.state = state
    }

    /// Sixty-four random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// Makes everything that follows depend on a value as well.
    mutating func absorb(_ value: UInt64) {
        state = next() ^ value
    }
}
