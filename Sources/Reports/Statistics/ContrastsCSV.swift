/// The text of `contrasts.csv`: a row a contrast, every figure with all its digits, and empty where there is none.
///
/// Pairs stand in three columns, their values separated by blanks, in the order of the seeds.
public func contrastsCSV(_ contrasts: [Contrast]) -> String {
    csv(header: columns.map(\.name), rows: contrasts.map { contrast in columns.map { $0.cell(contrast) } })
}

private let columns: [(name: String, cell: @Sendable (Contrast) -> String)] = [
    ("contrast", \.name),
    ("first", \.first),
    ("second", \.second),
    ("test_images", { String($0.testImages) }),
    ("pairs", { String($0.pairs.count) }),
    ("seeds", { list($0.pairs.map(\.seed)) }),
    ("first_wrong_images", { list($0.pairs.map(\.firstWrong)) }),
    ("second_wrong_images", { list($0.pairs.map(\.secondWrong)) }),
    ("mean_points", { csvNumber($0.mean) }),
    ("deviation_points", { csvNumber($0.deviation) }),
    ("t", { csvNumber($0.t) }),
    ("t_test_p", { csvNumber($0.tTestP) }),
    ("interval95_lower", { csvNumber($0.interval95?.lowerBound) }),
    ("interval95_upper", { csvNumber($0.interval95?.upperBound) }),
    ("interval90_lower", { csvNumber($0.interval90?.lowerBound) }),
    ("interval90_upper", { csvNumber($0.interval90?.upperBound) }),
    ("subset_means_lower", { csvNumber($0.subsetInterval?.lowerBound) }),
    ("subset_means_upper", { csvNumber($0.subsetInterval?.upperBound) }),
    ("subset_means_coverage", { csvNumber($0.subsetCoverage) }),
    ("sign_flip_p", { csvNumber($0.signFlipP) }),
    ("holm_p", { csvNumber($0.holmP) }),
    ("max_t_p", { csvNumber($0.stepDownP) }),
    ("contrasts", { String($0.contrasts) }),
    ("d_z", { csvNumber($0.effectSize) }),
    ("d_z_hedges", { csvNumber($0.correctedEffectSize) }),
    ("seeds_first_lower", { String($0.seedsFirstLower) }),
    ("seeds_first_higher", { String($0.seedsFirstHigher) }),
    ("identical_pairs", { String($0.identicalPairs) }),
    ("claim", { $0.claim.map { word(for: $0.statement) } ?? "" }),
    ("margin_points", { csvNumber($0.claim?.margin) }),
    ("equivalence_p", { csvNumber($0.equivalenceP) }),
    ("source", { $0.claim?.source ?? "" }),
    ("outcome", { $0.outcome?.rawValue ?? "" }),
]

private func list(_ values: [Int]) -> String { values.map(String.init).joined(separator: " ") }

private func word(for statement: Claim.Statement) -> String {
    switch statement {
    case .firstLower: "first_lower"
    case .firstHigher: "first_higher"
    case .equivalent: "equivalent"
    case .identical: "identical"
    }
}
