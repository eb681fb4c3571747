import Files
import Foundation

extension RunFolder {
    /// Makes a folder named after the command and the moment, and not after any other run that has begun in that moment.
    ///
    /// - Parameter made: gets the folders that did not exist before, outermost first.
    static func new(for command: String, now: Date = Date(), made: inout [String]) throws -> RunFolder {
        let runs = "runs"
        if mkdir(runs, 0o777) == 0 { made.append(runs) }
        let name = "\(runs)/\(command)-\(moment(now))"
        for number in 1... {
            let path = number == 1 ? name : "\(name)-\(number)"
            if mkdir(path, 0o777) == 0 {
                made.append(path)
                return RunFolder(path: path)
            }
            guard errno == EEXIST else { break }
        }
        throw RunFolderError.cannotCreate(path: name, reason: systemReason)
    }

    private static func moment(_ now: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        return formatter.string(from: now)
    }

    /// Makes the folder, and those that lead to it, where they are missing, and tries whether it can be written: better
    /// to fail before the training than after it.
    ///
    /// - Returns: the folders that did not exist before, outermost first.
    package func create() throws -> [String] {
        guard !path.isEmpty else { throw RunFolderError.cannotCreate(path: "--out", reason: "no folder is named") }
        var made: [String] = []
        do {
            for folder in missingFolders() {
                guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
                    throw RunFolderError.cannotCreate(path: path, reason: systemReason)
                }
                made.append(folder)
            }
            try checkThatItCanBeWritten()
        } catch {
            RunFolder.removeEmpty(made)
            throw error
        }
        return made
    }

    /// Removes folders, innermost first, unless something is in them.
    static func removeEmpty(_ folders: [String]) {
        for folder in folders.reversed() { rmdir(folder) }
    }

    private func missingFolders() -> [String] {
        var missing: [String] = []
        var folder = URL(fileURLWithPath: path).standardizedFileURL
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
            missing.insert(folder.path, at: 0)
            folder.deleteLastPathComponent()
        }
        return missing
    }

    private func checkThatItCanBeWritten() throws {
        let probe = "\(path)/.probe.\(UUID().uuidString)"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw RunFolderError.unwritable(path: path, reason: systemReason) }
        close(descriptor)
        unlink(probe)
        for file in files {
            do throws(FileError) {
                try AtomicFile.requireReplaceable(file)
            } catch {
                throw RunFolderError.unwritable(path: path, reason: "\(file): \(error.reason)")
            }
        }
    }
}
