import Files

/// A table that grows by rows while a run goes on: `metrics.csv`, for example. Its text is kept, since checkpoints hold it.
struct RunTable {
    /// The header and the rows so far.
    private(set) var text: String
    /// Where it is written; nil on all ranks but the first.
    private let path: String?
    /// nil until it could be opened.
    private var file: AppendedFile?

    /// A table of rows that are there, which is written with the next row or at the next flush.
    init(_ text: String, path: String?) {
        self.text = text
        self.path = path
    }

    /// Adds a row.
    ///
    /// - Throws: `FileError` when it can't be written now; it is then written with a later one.
    mutating func append(_ row: String) throws {
        text += row + "\n"
        if let file { try file.append(row + "\n") } else { try open() }
    }

    /// Writes the rows that could not be written before.
    mutating func flush() throws {
        if let file { try file.flush() } else { try open() }
    }

    private mutating func open() throws {
        guard let path else { return }
        file = try AppendedFile(path, beginningWith: text)
    }
}
