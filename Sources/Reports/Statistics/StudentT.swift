/// Student's t distribution.
struct StudentT {
    /// More than 0; one less than the number of pairs in a paired test.
    let degreesOfFreedom: Double

    /// The probability of a value at least as far from 0 as `t`, on either side: Iₓ(ν/2, 1/2) with x = ν/(ν + t²)
    /// (Abramowitz and Stegun 26.7.1).
    func twoSidedP(_ t: Double) -> Double {
        let square = t * t
        if square.isInfinite { return 0 }
        let whole = degreesOfFreedom + square
        return regularizedIncompleteBeta(
            degreesOfFreedom / whole, complement: square / whole, degreesOfFreedom / 2, 0.5)
    }

    /// The probability of a value of `t` or more.
    func upperTail(_ t: Double) -> Double {
        let half = twoSidedP(t) / 2
        return t < 0 ? 1 - half : half
    }

    /// The value below which a share of the distribution lies, by bisection to the last bit of `twoSidedP`.
    ///
    /// - Parameter probability: within 0 and 1.
    func quantile(_ probability: Double) -> Double {
        precondition((0...1).contains(probability), "\(probability) is no probability")
        let isUpper = probability > 0.5
        let tails = 2 * (isUpper ? 1 - probability : probability)
        if tails == 0 { return isUpper ? .infinity : -.infinity }
        if tails == 1 { return 0 }
        let distance = distance(tails: tails)
        return isUpper ? distance : -distance
    }

    /// The distance from 0 beyond which, on both sides together, a share lies.
    private func distance(tails: Double) -> Double {
        var lower = 0.0
        var upper = 1.0
        while twoSidedP(upper) > tails {
            lower = upper
            upper *= 2
        }
        while true {
            let middle = lower + (upper - lower) / 2
            if middle <= lower || middle >= upper { return middle }
            if twoSidedP(middle) > tails { lower = middle } else { upper = middle }
        }
    }
}
