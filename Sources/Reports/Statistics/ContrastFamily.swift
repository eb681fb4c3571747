extension Contrast {
    /// All contrasts of a study, in their order, each with p-values that are adjusted for there being as many.
    ///
    /// A planned contrast without pairs counts among them; a claim of equal bits does not, which needs no test.
    public static func family(_ plans: [PlannedContrast]) -> [Contrast] {
        let tested = plans.indices.filter { plans[$0].claim?.statement != .identical }
        let signFlips = tested.map { signFlipTest(plans[$0].differences.counts) }
        let afterHolm = holmAdjusted(signFlips.map { $0 ?? 1 })
        let afterMaxT = StepDownMaxT(tested.map { plans[$0].differences })?.adjusted
        return plans.indices.map { index in
            guard let place = tested.firstIndex(of: index) else {
                return Contrast(plans[index], contrasts: tested.count, signFlipP: nil, holmP: nil, stepDownP: nil)
            }
            return Contrast(
                plans[index], contrasts: tested.count, signFlipP: signFlips[place],
                holmP: signFlips[place].map { _ in afterHolm[place] },
                stepDownP: signFlips[place].flatMap { _ in afterMaxT?[place] })
        }
    }
}
