/// Sums of Float gradients that come out the same in whatever order the workers are added.
///
/// A gradient becomes a multiple of 2⁻⁴⁸ in an `Int64`. The unit is fixed rather than scaled to the last step's largest
/// gradient: it needs no state and no extra message, and it is fine enough, since a gradient above 6·10⁻⁸ keeps all of
/// its 24 bits and the loss of a smaller one is 10⁷ times below the last bit of any weight that it moves.
public enum FixedPointGradient {
    /// The value of one integer step.
    public static let unit = 0x1p-48

    /// The magnitude below which every worker's gradients must stay so that the sum over `workers` can't overflow.
    @inlinable
    public static func limit(workers: Int) -> Float {
        Float(0x1p14) / Float(workers)
    }

    /// Adds a gradient, rounded to multiples of the unit, to a sum.
    ///
    /// - Parameters:
    ///   - gradient: count, read.
    ///   - sum: count, accumulated.
    /// - Returns: false when any value is not finite or not below the limit; the sum is then meaningless.
    public static func add(
        _ gradient: UnsafePointer<Float>, count: Int, limit: Float, to sum: UnsafeMutablePointer<Int64>
    ) -> Bool {
        var largest = Vector.zero
        var sawNaN = SIMDMask<SIMD8<Int32>>(repeating: false)
        var index = 0
        while index + 8 <= count {
            let values = gradient.vector(at: index)
            largest = largest.replacing(with: magnitude(values), where: magnitude(values) .> largest)
            sawNaN = sawNaN .| (values .!= values)
            let place = UnsafeMutableRawPointer(sum + index)
            let old = place.loadUnaligned(as: SIMD8<Int64>.self)
            place.storeBytes(of: old &+ integers(WideVector(values)), as: SIMD8<Int64>.self)
            index += 8
        }
        var fits = largest.max() < limit && !any(sawNaN)
        while index < count {
            let value = gradient[index]
            if abs(value) < limit {
                sum[index] &+= Int64((Double(value) * 0x1p48).rounded(.toNearestOrEven))
            } else {
                fits = false
            }
            index += 1
        }
        return fits
    }

    /// The gradient that a sum stands for.
    ///
    /// - Parameters:
    ///   - sum: count, read.
    ///   - gradient: count, overwritten.
    public static func gradient(
        of sum: UnsafePointer<Int64>, count: Int, into gradient: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count {
            gradient[index] = Float(Double(sum[index]) * unit)
        }
    }

    @inline(__always)
    private static func magnitude(_ values: Vector) -> Vector {
        unsafeBitCast(unsafeBitCast(values, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0x7FFF_FFFF), to: Vector.self)
    }

    /// Eight products gradient·2⁴⁸ as integers, without the scalar conversion that AVX2 is limited to: adding
    /// 1.5·2⁵² leaves the rounded integer in the low bits of the significand. That reaches 51 bits, so the upper part
    /// (multiples of 2³²) and the remainder take the step one after the other.
    @inline(__always)
    private static func integers(_ gradient: WideVector) -> SIMD8<Int64> {
        let magic = 0x1.8p52
        let shiftedHigh = WideVector(repeating: magic).addingProduct(gradient, WideVector(repeating: 0x1p16))
        let high = shiftedHigh - magic
        let remainder = (gradient * 0x1p48).addingProduct(high, WideVector(repeating: -0x1p32))
        let shiftedLow = remainder + magic
        let magicBits = SIMD8<Int64>(repeating: Int64(bitPattern: magic.bitPattern))
        let highBits = unsafeBitCast(shiftedHigh, to: SIMD8<Int64>.self) &- magicBits
        let lowBits = unsafeBitCast(shiftedLow, to: SIMD8<Int64>.self) &- magicBits
        return (highBits &<< 32) &+ lowBits
    }
}
