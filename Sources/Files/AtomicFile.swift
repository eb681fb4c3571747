import Foundation

/// Writing files that nobody ever sees half of.
public enum AtomicFile {
    /// Puts `bytes` at `path`, in place of the file that was there, whose owner and permissions are kept as far as the
    /// system allows; a symbolic link stays, and what it leads to is replaced.
    ///
    /// They are written to a temporary name in the same folder, flushed to the disk, and renamed; then the folder is
    /// flushed. On failure the temporary file is removed and what was at `path` stays as it was.
    ///
    /// - Throws: `FileError`, also when there is a folder, a device, a pipe or a socket.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let target = try WritingTarget(of: path)
        let temporary = "\(target.folder)/.\(target.name).\(UUID().uuidString)"
        do throws(FileError) {
            try fill(temporary, with: bytes, like: target.existing, for: path)
            try check(rename(temporary, target.path), path)
        } catch {
            unlink(temporary)
            throw error
        }
        try flushFolder(target.folder, for: path)
    }

    /// Whether nothing but a regular file would be replaced at `path`; its folder may be missing.
    ///
    /// - Throws: `FileError` if not, or when the system does not let one look.
    public static func requireReplaceable(_ path: String) throws(FileError) {
        _ = try WritingTarget(of: path)
    }

    private static func fill(
        _ temporary: String, with bytes: [UInt8], like existing: stat?, for path: String
    ) throws(FileError) {
        // Never open to more people than the old file, not even for a moment.
        let permissions = existing.map { $0.st_mode & 0o777 }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions ?? 0o666)
        try check(descriptor, path)
        defer { close(descriptor) }
        if let existing, let permissions {
            // Whoever may not give a file away may still give it to a group of his. File systems without owners and
            // permissions refuse all of it, and lose nothing.
            if fchown(descriptor, existing.st_uid, existing.st_gid) != 0 {
                _ = fchown(descriptor, uid_t.max, existing.st_gid)
            }
            _ = fchmod(descriptor, permissions)
        }
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
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor >= 0, fsync(descriptor) == 0 { return }
        if !impossibleForFolders.contains(errno) { try check(-1, path) }
    }

    /// How file systems, above all those of networks and of user space, say that they open or flush no folders. A disk
    /// that fails says EIO, a full one ENOSPC or EDQUOT, and one that is given up for that EROFS.
    private static let impossibleForFolders = [EINVAL, EOPNOTSUPP, ENOSYS, EBADF, EISDIR, EACCES, EPERM, ENOTTY]

    private static func check(_ result: Int32, _ path: String) throws(FileError) {
        if result < 0 { throw FileError(ofLastCall: .write, path: path) }
    }
}
