import Files

extension Session {
    /// Prints, on the first rank, what a run came to; by now its files are written.
    ///
    /// - Throws: `AgreedFailure` on every rank when it can't be printed; that tells where the files are.
    package func printResults(in folder: RunFolder, _ body: () throws -> Void) throws {
        try onFirst {
            do {
                try body()
            } catch let error as FileError where error.attempt == .print {
                throw UnprintedResults(reason: error.reason, folder: folder.path)
            }
        }
    }
}

/// The results of a run can't be printed, and are in its files all the same.
struct UnprintedResults: Error, Equatable, CustomStringConvertible {
    let reason: String
    let folder: String

    var description: String {
        "standard output: the results can't be printed (\(reason)); they are in the files of \(folder)."
    }
}
