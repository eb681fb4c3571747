import Foundation

/// Which p-values a number of paired seeds can reach, known before anything is trained.
public struct Reach: Equatable, Sendable {
    /// Below it a claim is decided.
    public static let level = 0.05

    /// Seeds that both settings of a contrast have.
    public let seeds: Int
    /// Contrasts of the study.
    public let contrasts: Int

    /// - Parameters:
    ///   - seeds: that both settings of every contrast have; 0 or more.
    ///   - contrasts: of the study; 0 or more.
    public init(seeds: Int, contrasts: Int) {
        self.seeds = max(0, seeds)
        self.contrasts = max(0, contrasts)
    }

    /// Of the two-sided sign-flip test of one contrast: only one pattern of 2ⁿ and its opposite are as extreme.
    public var smallestP: Double { min(1, 2 * pow(0.5, Double(seeds))) }

    /// After Holm over all contrasts.
    public var smallestHolmP: Double { min(1, Double(max(1, contrasts)) * smallestP) }

    /// After step-down max-|t| over all contrasts, or after Holm where there are too many seeds for it.
    public var smallestAdjustedP: Double { seeds <= StepDownMaxT.mostSeeds ? smallestP : smallestHolmP }

    /// How many contrasts Holm could let through at this number of seeds.
    public var contrastsWithinHolm: Int {
        // The largest m with m·p < level.
        let most = Self.level / smallestP
        return most >= 1e15 ? Int(1e15) : Int(most.rounded(.up)) - 1
    }

    /// The fewest seeds with which a contrast can go below `level` after step-down max-|t|, whatever their number.
    public static let seedsNeeded = seedsNeeded { $0.smallestP }

    /// The fewest seeds with which a contrast can go below `level` after Holm.
    public static func seedsNeededWithHolm(contrasts: Int) -> Int {
        seedsNeeded(contrasts: contrasts) { $0.smallestHolmP }
    }

    private static func seedsNeeded(contrasts: Int = 1, _ p: (Reach) -> Double) -> Int {
        var reach = Reach(seeds: 1, contrasts: contrasts)
        while p(reach) >= level { reach = Reach(seeds: reach.seeds + 1, contrasts: contrasts) }
        return reach.seeds
    }

    /// What can be found out with these seeds, and how many more would be needed if that is nothing.
    public var sentence: String {
        let pairs = counted(seeds, "paired seed")
        if smallestAdjustedP >= Self.level {
            return
                "\(pairs) can't decide any direction: the smallest p-value they reach is \(shown(p: smallestP)), and "
                + "\(Self.seedsNeeded) seeds are the fewest that go below \(Self.level)."
        }
        let alone = "\(pairs) reach p-values down to \(shown(p: smallestP))"
        if contrasts < 2 { return alone + " (exact sign flips)." }
        let together = "; over \(contrasts) contrasts, \(shown(p: smallestAdjustedP)) after step-down max-T and "
        let holm = "\(shown(p: smallestHolmP)) after Holm"
        let needed = Self.seedsNeededWithHolm(contrasts: contrasts)
        let more = smallestHolmP < Self.level ? "" : ", which would need \(needed) seeds to go below \(Self.level)"
        return alone + together + holm + more + "."
    }
}

/// A p-value with two digits, or four where two would not tell on which side of `Reach.level` it lies.
func shown(p: Double) -> String {
    String(format: abs(p - Reach.level) < 0.005 && p != Reach.level ? "%.4g" : "%.2g", p)
}
