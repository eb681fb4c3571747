import Files
import Reports
import Runs

/// `normtrain report`: the report of a folder again, from its files alone. It needs neither MPI nor the images.
public enum ReportCommand {
    /// Writes the report of a run, a comparison or a study, and prints where it is.
    ///
    /// - Parameter path: the folder.
    /// - Throws: `RunFolderError`; `FileError`.
    public static func run(_ path: String) throws {
        let folder = RunFolder(path: path)
        if RegularFile.exists(StudyFolder(path: path).designPath) {
            try StudyRecord(of: StudyFolder(path: path)).write()
            if let next = folder.nextLine { try StandardOutput.show(next) }
            return
        }
        guard RegularFile.exists(path), folder.hasConfiguration else { throw RunFolderError.noRun(path: path) }
        if try folder.isComparison() {
            for variant in try folder.comparisonRecord().runs {
                let subfolder = folder.subfolder(variant.folder)
                try subfolder.write(variant.run.report)
            }
            try folder.write(folder.comparisonRecord().report)
        } else {
            try folder.write(folder.record().report)
        }
        if let next = folder.nextLine { try StandardOutput.show(next) }
    }
}
