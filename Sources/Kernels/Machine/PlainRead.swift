/// Reads memory and does nearly nothing with it: what a kernel that only reads can reach at most.
///
/// Eight sums of vectors keep as many loads under way, so that neither latency nor additions bound it.
///
/// - Parameters:
///   - values: count, read.
///   - count: what is left over beyond a multiple of 64 is not read.
/// - Returns: the sum of the bits, so that no load can be left out.
@inline(never)
public func plainRead(_ values: UnsafePointer<Float>, count: Int) -> UInt32 {
    typealias Bits = SIMD8<UInt32>
    var (a, b, c, d) = (Bits.zero, Bits.zero, Bits.zero, Bits.zero)
    var (e, f, g, h) = (a, b, c, d)
    var place = UnsafeRawPointer(values)
    for _ in 0..<count / 64 {
        a &+= place.loadUnaligned(fromByteOffset: 0, as: Bits.self)
        b &+= place.loadUnaligned(fromByteOffset: 32, as: Bits.self)
        c &+= place.loadUnaligned(fromByteOffset: 64, as: Bits.self)
        d &+= place.loadUnaligned(fromByteOffset: 96, as: Bits.self)
        e &+= place.loadUnaligned(fromByteOffset: 128, as: Bits.self)
        f &+= place.loadUnaligned(fromByteOffset: 160, as: Bits.self)
        g &+= place.loadUnaligned(fromByteOffset: 192, as: Bits.self)
        h &+= place.loadUnaligned(fromByteOffset: 224, as: Bits.self)
        place += 256
    }
    return ((a &+ b &+ c &+ d) &+ (e &+ f &+ g &+ h)).wrappedSum()
}
