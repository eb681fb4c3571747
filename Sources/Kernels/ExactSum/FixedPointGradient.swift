/// Sums of Float gradients that come out the same in whatever order the workers are added: a gradient becomes multiples
/// of a unit in an `Int64`.
///
/// The unit is a power of two that follows the gradients of the tensor: 2⁻³⁵ times the largest of the step before, so
/// that gradients down to 2⁻¹² of it keep all of their 24 bits, whatever their scale. A worker's share may be 4,096 times
/// larger than that gradient; `FixedPointSum.gradients` takes those that are larger still.
public struct FixedPointGradient: Equatable, Sendable {
    /// One integer step is 2 to this power.
    public let unitExponent: Int

    /// Workers' gradients must be below so many units in magnitude: sums over 16,384 of them don't overflow.
    private static let limitExponent = 48
    /// How far the unit lies below the largest gradient of the step before.
    private static let digits = 35
    /// What the smallest Float is a multiple of: a finer unit would have nothing to count.
    private static let smallestExponent = -149

    /// - Parameter unitExponent: from −149 to 127.
    public init(unitExponent: Int) {
        self.unitExponent = unitExponent
    }

    /// The unit for a tensor whose largest gradient had this magnitude in the step before; nil when there was none.
    public init?(largest: Float) {
        guard largest > 0, largest.isFinite else { return nil }
        unitExponent = max(Self.smallestExponent, Int(largest.exponent) - Self.digits)
    }

    /// The value of one integer step.
    public var unit: Double { Double(sign: .plus, exponent: unitExponent, significand: 1) }

    /// The magnitude below which a worker's gradients must stay.
    public var limit: Double { Double(sign: .plus, exponent: unitExponent + Self.limitExponent, significand: 1) }

    /// Adds a gradient, rounded to multiples of the unit (halves to the even one), to a sum.
    ///
    /// - Parameters:
    ///   - gradient: count, read.
    ///   - sum: count, accumulated.
    /// - Returns: false, and nothing added, when any value is not finite or not below the limit.
    public func add(_ gradient: UnsafePointer<Float>, count: Int, to sum: UnsafeMutablePointer<Int64>) -> Bool {
        if accumulate(gradient, count: count, to: sum, { $0 &+ $1 }, { $0 &+ $1 }) { return true }
        // What such values became is meaningless, but it is the same a second time.
        _ = accumulate(gradient, count: count, to: sum, { $0 &- $1 }, { $0 &- $1 })
        return false
    }

    /// The plain form of `add`, one value after another; values must be finite and below the limit.
    ///
    /// - Parameters:
    ///   - gradient: count, read.
    ///   - sum: count, accumulated.
    public func addReference(_ gradient: UnsafePointer<Float>, count: Int, to sum: UnsafeMutablePointer<Int64>) {
        for index in 0..<count { sum[index] += Int64((Double(gradient[index]) / unit).rounded(.toNearestOrEven)) }
    }

    /// - Returns: whether all values were finite and below the limit.
    @inline(__always)
    private func accumulate(
        _ gradient: UnsafePointer<Float>, count: Int, to sum: UnsafeMutablePointer<Int64>,
        _ combine: (SIMD8<Int64>, SIMD8<Int64>) -> SIMD8<Int64>, _ combineOne: (Int64, Int64) -> Int64
    ) -> Bool {
        let scale = 1 / unit
        let scales = WideVector(repeating: scale)
        var largest = Vector.zero
        var sawNaN = SIMDMask<SIMD8<Int32>>(repeating: false)
        var index = 0
        while index + 8 <= count {
            let values = gradient.vector(at: index)
            largest = largest.replacing(with: magnitude(values), where: magnitude(values) .> largest)
            sawNaN = sawNaN .| (values .!= values)
            let place = UnsafeMutableRawPointer(sum + index)
            let old = place.loadUnaligned(as: SIMD8<Int64>.self)
            place.storeBytes(of: combine(old, Self.integers(WideVector(values), scales)), as: SIMD8<Int64>.self)
            index += 8
        }
        var fits = Double(largest.max()) < limit && !any(sawNaN)
        while index < count {
            let value = Double(gradient[index])
            if abs(value) < limit {
                sum[index] = combineOne(sum[index], Int64((value * scale).rounded(.toNearestOrEven)))
            } else {
                fits = false
            }
            index += 1
        }
        return fits
    }

    @inline(__always)
    private func magnitude(_ values: Vector) -> Vector {
        unsafeBitCast(unsafeBitCast(values, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0x7FFF_FFFF), to: Vector.self)
    }

    /// Eight products as integers, without the scalar conversion that AVX2 is limited to: adding 1.5·2⁵² leaves the
    /// rounded integer in the low bits of the significand, as long as it is below 2⁵¹.
    @inline(__always)
    private static func integers(_ gradient: WideVector, _ scale: WideVector) -> SIMD8<Int64> {
        let magic = 0x1.8p52
        let shifted = WideVector(repeating: magic).addingProduct(gradient, scale)
        return unsafeBitCast(shifted, to: SIMD8<Int64>.self) &- Int64(bitPattern: magic.bitPattern)
    }

    /// The gradient that a sum stands for.
    ///
    /// - Parameters:
    ///   - sum: count, read; below 2⁶² in magnitude.
    ///   - gradient: count, overwritten.
    /// - Returns: the largest magnitude, from which the next step's unit follows.
    public func gradient(
        of sum: UnsafePointer<Int64>, count: Int, into gradient: UnsafeMutablePointer<Float>
    ) -> Float {
        let unit = unit
        var largest = Vector.zero
        var index = 0
        while index + 8 <= count {
            let integers = UnsafeRawPointer(sum + index).loadUnaligned(as: SIMD8<Int64>.self)
            let values = Vector(Self.doubles(integers) * unit)
            gradient.store(values, at: index)
            largest = largest.replacing(with: magnitude(values), where: magnitude(values) .> largest)
            index += 8
        }
        var result = largest.max()
        while index < count {
            let value = Float(Double(sum[index]) * unit)
            gradient[index] = value
            if abs(value) > result { result = abs(value) }
            index += 1
        }
        return result
    }

    /// Eight integers below 2⁶² in magnitude as the nearest Double values, without the scalar conversion that AVX2 is
    /// limited to: both halves of an integer are put into the significand of 2⁵², which makes them exact, and their sum is
    /// rounded once.
    @inline(__always)
    private static func doubles(_ integers: SIMD8<Int64>) -> WideVector {
        let bias = 0x1p52
        let biasBits = SIMD8<UInt64>(repeating: bias.bitPattern)
        // Not negative, so that a logical shift will do.
        let shifted = unsafeBitCast(integers &+ (1 << 62), to: SIMD8<UInt64>.self)
        let high = unsafeBitCast((shifted &>> 32) | biasBits, to: WideVector.self) - (bias + 0x1p30)
        let low = unsafeBitCast((shifted & 0xFFFF_FFFF) | biasBits, to: WideVector.self) - bias
        return low.addingProduct(high, WideVector(repeating: 0x1p32))
    }
}
