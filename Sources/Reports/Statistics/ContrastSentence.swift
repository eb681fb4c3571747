import Foundation

extension Contrast {
    /// What the contrast shows, in plain English: the size with its interval, the seeds, and what becomes of the claim.
    public var sentence: String {
        guard let mean else {
            return "\(first) and \(second) have no finished trials with the same seed: there is nothing to compare."
        }
        if claim?.statement == .identical { return "\(sameness): \(conclusion)" }
        let evidence = ([interval, favour] + probabilities).compactMap(\.self).joined(separator: ", ")
        return "\(size(mean)) (\(evidence)): \(conclusion)"
    }

    private func size(_ mean: Double) -> String {
        if mean == 0 { return "\(first) errs on as many test images as \(second)" }
        return "\(first) errs on \(shown(points: abs(mean))) points \(mean > 0 ? "more" : "less") than \(second)"
    }

    /// Of the size as the sentence tells it: an interval of `less` is turned round.
    private var interval: String? {
        guard pairs.count > 1, let mean, let interval95 else { return nil }
        if deviation == 0 { return "the same difference with every seed" }
        let bounds = [interval95.lowerBound, interval95.upperBound]
        let told = mean < 0 ? [-bounds[1], -bounds[0]] : bounds
        return "95% interval \(shown(points: told[0])) to \(shown(points: told[1]))"
    }

    private var sameness: String {
        "\(first) and \(second) came to the same weights with \(identicalPairs) of \(counted(pairs.count, "seed"))"
    }

    private var favour: String {
        if pairs.count == 1 { return "1 seed" }
        if seedsFirstLower + seedsFirstHigher == 0 { return counted(pairs.count, "seed") }
        let side =
            switch claim?.statement {
            case .firstLower: "with less"
            case .firstHigher: "with more"
            case .equivalent, .identical, nil: (mean ?? 0) < 0 ? "with less" : "with more"
            }
        return "\(seedsInFavour) of \(counted(pairs.count, "seed")) \(side)"
    }

    private var probabilities: [String] {
        var parts: [String] = []
        if claim?.margin != nil {
            if let equivalenceP, deviation != 0 { parts.append("p = \(shown(p: equivalenceP)) for equivalence") }
        } else if pairs.count > 1, let adjustedP {
            let method = stepDownP == nil ? "Holm" : "max-T"
            parts.append(
                "p = \(shown(p: adjustedP))" + (contrasts > 1 ? " after \(method) over \(contrasts) contrasts" : ""))
        }
        return parts
    }

    private var conclusion: String {
        guard let claim, let outcome else {
            if pairs.count == 1 { return "one seed is a direction, not a result." }
            return canDecide ? "no claim was named." : "\(tooFew)."
        }
        let source = claim.source.isEmpty ? "" : " (\(claim.source))"
        let statement = "the claim that \(words(of: claim))\(source)"
        switch outcome {
        case .held: return "\(statement) held."
        case .contradicted where claim.statement == .identical: return "\(statement) did not hold."
        case .contradicted: return "\(statement) did not hold; the measurements say the opposite."
        case .undecided:
            return "\(statement) is undecided"
                + (canDecide ? " after \(counted(pairs.count, "seed"))." : ": \(tooFew).")
        }
    }

    private func words(of claim: Claim) -> String {
        switch claim.statement {
        case .firstLower: "\(first) errs on less"
        case .firstHigher: "\(first) errs on more"
        case .identical: "they are the same, bit for bit,"
        case .equivalent(let margin): "they differ by less than \(plain(margin)) \(margin == 1 ? "point" : "points")"
        }
    }

    /// Whether this number of seeds could decide anything.
    private var canDecide: Bool {
        claim?.margin == nil ? reach.smallestAdjustedP < Reach.level : pairs.count > 1
    }

    /// How many seeds would be enough.
    private var tooFew: String {
        if claim?.margin != nil { return "one seed has no deviation, and 2 seeds are the fewest that have one" }
        let needed =
            reach.seeds > StepDownMaxT.mostSeeds
            ? Reach.seedsNeededWithHolm(contrasts: contrasts) : Reach.seedsNeeded
        let pairs = counted(reach.seeds, "seed")
        return
            "\(pairs) can't go below p = \(shown(p: reach.smallestAdjustedP)), and \(needed) seeds are the fewest that "
            + "go below \(Reach.level)"
    }
}

/// Points with two decimals, and without the sign of a value that rounds to 0.
func shown(points: Double) -> String {
    let text = String(format: "%.2f", points)
    return text == "-0.00" ? "0.00" : text
}

/// A number as people write it: `1`, `0.5`.
func plain(_ value: Double) -> String { String(format: "%g", value) }
