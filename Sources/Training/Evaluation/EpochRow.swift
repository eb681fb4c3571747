/// How good the players were after an epoch: a row of `epochs.csv`.
public struct EpochRow: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    /// The names of the columns behind `epoch`, the same in every row of a run.
    public let columns: [String]
    /// The values, as many.
    public let values: [String]

    /// A row of named values, in the order of the columns.
    public init(dictionaryLiteral cells: (String, String)...) {
        columns = cells.map(\.0)
        values = cells.map(\.1)
    }
}
