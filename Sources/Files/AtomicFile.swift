import Foundation

/// Writing files that nobody ever sees half of.
public enum AtomicFile {
    /// Puts `bytes` at `path`, in place of what was there.
    ///
    /// They are written to a temporary name in the same folder, flushed to the disk, and renamed; then the folder is
    /// flushed. On failure the temporary file is removed and what was at `path` stays as it was.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let target = URL(fileURLWithPath: path)
        let folder = target.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)").path
        do throws(FileError) {
            try fill(temporary, with: bytes, for: path)
            try check(rename(temporary, path), path)
        } catch {
            unlink(temporary)
            throw error
        }
        try flushFolder(folder.path, for: path)
    }

    private static func fill(_ temporary: String, with bytes: [UInt8], for path: String) throws(FileError) {
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        try check(descriptor, path)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let accepted = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written, off_t(written))
            }
            if accepted < 0 && errno == EINTR { continue }
            try check(Int32(clamping: accepted), path)
            written += accepted
        }
        try check(fsync(descriptor), path)
    }

    /// Makes the rename itself durable, where the file system has such a notion.
    private static func flushFolder(_ folder: String, for path: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(descriptor, path)
        defer { close(descriptor) }
        if fsync(descriptor) != 0 && errno != EINVAL { try check(-1, path) }
    }

    private static func check(_ result: Int32, _ path: String) throws(FileError) {
        if result < 0 { throw FileError(ofLastCall: .write, path: path) }
    }
}
