extension SeededGenerator {
    /// The natural logarithm of a value of the gamma distribution with scale 1.
    ///
    /// The logarithm, because at small shapes most values are below any number that a `Double` holds.
    ///
    /// G. Marsaglia and W. Tsang, "A Simple Method for Generating Gamma Variables", ACM Transactions on Mathematical
    /// Software 26(3), 2000, without the squeeze that saves logarithms; shapes below 1 by Γ(a) = Γ(a+1)·U^(1/a) (their
    /// section 6).
    ///
    /// - Parameter shape: a, from 10⁻⁶ to 10⁶.
    public mutating func nextLogarithmOfGamma(shape: Double) -> Double {
        precondition((1e-6...1e6).contains(shape), "a gamma distribution of shape \(shape)")
        if shape < 1 { return nextLogarithmOfGamma(shape: shape + 1) + naturalLogarithm(nextUniform()) / shape }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            // d·v with v = (1 + cx)³ is the value, once it is accepted.
            let x = nextNormal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let logarithm = 3 * naturalLogarithm(root)
            if naturalLogarithm(nextUniform()) < x * x / 2 + d * (1 - root * root * root + logarithm) {
                return naturalLogarithm(d) + logarithm
            }
        }
    }
}
