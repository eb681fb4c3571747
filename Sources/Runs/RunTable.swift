import Files

/// A table that grows by rows while a run goes on: `metrics.csv`, for example. Its text is kept, since checkpoints hold it.
struct RunTable {
    /// The header and the rows so far.
    private(set) var text: String
    /// On the first rank.
    private var file: AppendedFile?

    /// A table of rows that are there.
    init(_ text: String) { self.text = text }

    /// From now on each row is written as it comes, behind those that are there.
    ///
    /// - Throws: `FileError`.
    mutating func write(to path: String) throws {
        file = try AppendedFile(path, beginningWith: text)
    }

    /// Adds a row.
    ///
    /// - Throws: `FileError` when it can't be written now; it is then written with a later one.
    mutating func append(_ row: String) throws {
        text += row + "\n"
        try file?.append(row + "\n")
    }

    /// Writes the rows that could not be written before.
    func flush() throws { try file?.flush() }
}
