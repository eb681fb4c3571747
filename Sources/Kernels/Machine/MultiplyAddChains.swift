/// What a core can compute at most: fused multiply-adds on vectors of eight, in chains that don't wait for each other.
///
/// A chain's next term needs its last one, which takes four cycles on today's cores; with two units that begin a
/// multiply-add every cycle it takes eight chains to keep them busy, and twelve fit the registers of AVX2.
public enum MultiplyAddChains {
    private static let chainCount = 12

    /// Floating-point operations of a turn, a multiplication and an addition counted as two.
    public static let flopsPerTurn = 2 * chainCount * Vector.scalarCount

    /// Extends every chain by a term, so many times.
    ///
    /// - Parameter start: where the chains begin; they all run towards 2.
    /// - Returns: the sum of the chains' ends, so that none of them can be left out.
    @inline(never)
    public static func run(turns: Int, from start: Float) -> Float {
        let half = Vector(repeating: 0.5)
        let one = Vector(repeating: 1)
        var (a, b, c, d) = (Vector(repeating: start), Vector(repeating: 1.1), Vector(repeating: 1.2), one + half)
        var (e, f, g, h) = (a * 1.01, b * 1.01, c * 1.01, d * 1.01)
        var (i, j, k, l) = (a * 1.02, b * 1.02, c * 1.02, d * 1.02)
        for _ in 0..<turns {
            a = one.addingProduct(a, half)
            b = one.addingProduct(b, half)
            c = one.addingProduct(c, half)
            d = one.addingProduct(d, half)
            e = one.addingProduct(e, half)
            f = one.addingProduct(f, half)
            g = one.addingProduct(g, half)
            h = one.addingProduct(h, half)
            i = one.addingProduct(i, half)
            j = one.addingProduct(j, half)
            k = one.addingProduct(k, half)
            l = one.addingProduct(l, half)
        }
        return ((a + b + c) + (d + e + f) + (g + h + i) + (j + k + l)).sum()
    }
}
