/// p-values adjusted so that the chance of one false finding or more among them stays below the level (Holm 1979).
///
/// - Returns: in the order of `values`.
func holmAdjusted(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var adjusted = values
    var largest = 0.0
    for (rank, index) in order.enumerated() {
        largest = max(largest, min(1, Double(values.count - rank) * values[index]))
        adjusted[index] = largest
    }
    return adjusted
}
