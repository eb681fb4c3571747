import Files
import Reports

extension Session {
    /// Writes the report of a run that is finished; no collective, and the other ranks need not wait.
    ///
    /// The run is no worse without it: what can't be written is told, and is no failure.
    ///
    /// - Parameter report: made on the first rank.
    package func writeReport(in folder: RunFolder, _ report: () throws -> Report) {
        guard isFirst else { return }
        do {
            try folder.write(report())
        } catch {
            logger.warning(
                """
                \(sentence(of: error)) The run is finished, and only its report is missing; make it with: \
                normtrain report \(shellWord(folder.path))
                """)
        }
    }
}

extension RunFolder {
    /// Puts a report into the folder, as a page and in Markdown.
    package func write(_ report: Report) throws(FileError) {
        try AtomicFile.write(Array(report.html(Gnuplot()).utf8), to: reportPath)
        try AtomicFile.write(Array(report.markdown.utf8), to: markdownReportPath)
    }

    /// What to look at next; nil where there is no report.
    package var nextLine: String? {
        RegularFile.exists(reportPath) ? "next: open \(shellWord(reportPath))" : nil
    }
}
