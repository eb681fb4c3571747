/// Σℓ of `ContrastiveRows` after each row was divided by its length, as it stands in the paper.
///
/// - Parameters:
///   - rows: of any length but 0.
///   - partners: of each row.
///   - exponential: eˣ.
///   - logarithm: ln x.
public func referenceContrastiveLoss(
    of rows: [[Double]], partners: [Int], temperature: Double, exponential: (Double) -> Double,
    logarithm: (Double) -> Double
) -> Double {
    func product(_ first: [Double], _ second: [Double]) -> Double { zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }
    let unit = rows.map { row in row.map { $0 / product(row, row).squareRoot() } }
    return rows.indices.reduce(0) { sum, anchor in
        func power(_ other: Int) -> Double { exponential(product(unit[anchor], unit[other]) / temperature) }
        let others = rows.indices.filter { $0 != anchor }.reduce(0) { $0 + power($1) }
        return sum - logarithm(power(partners[anchor]) / others)
    }
}
