extension Contrast {
    /// All contrasts of a study, in their order, each with p-values that are adjusted for there being as many.
    ///
    /// A planned contrast without pairs counts among them.
    public static func family(_ plans: [PlannedContrast]) -> [Contrast] {
        let signFlips = plans.map { signFlipTest($0.differences.counts) }
        let afterHolm = holmAdjusted(signFlips.map { $0 ?? 1 })
        let afterMaxT = StepDownMaxT(plans.map(\.differences))?.adjusted
        return plans.indices.map { index in
            Contrast(
                plans[index], contrasts: plans.count, signFlipP: signFlips[index],
                holmP: signFlips[index].map { _ in afterHolm[index] },
                stepDownP: signFlips[index].flatMap { _ in afterMaxT?[index] })
        }
    }
}
