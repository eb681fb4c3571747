import Foundation

/// Where a file that is written ends up: symbolic links are followed to their end, as by any program that opens a file.
struct WritingTarget {
    /// The path behind all links; nothing is there, or a regular file.
    let path: String
    /// What the system says of the file that is there now; nil when there is none.
    let existing: stat?

    /// The kernel follows no more.
    private static let mostLinks = 40

    /// Follows the links from a path; the last may lead to where nothing is yet.
    ///
    /// - Throws: `FileError` when there is something else than a regular file, which a file must not replace.
    init(of named: String) throws(FileError) {
        // First of all the end of the way: of a file under /proc/self/fd, the links themselves do not tell it.
        var status = stat()
        if stat(named, &status) == 0 {
            try Self.requireRegular(status, named)
        } else if errno != ENOENT {
            throw FileError(ofLastCall: .write, path: named)
        }
        var path = named
        for _ in 0...Self.mostLinks {
            guard lstat(path, &status) == 0 else {
                guard errno == ENOENT else { throw FileError(ofLastCall: .write, path: named) }
                (self.path, existing) = (path, nil)
                return
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                try Self.requireRegular(status, named)
                (self.path, existing) = (path, status)
                return
            }
            guard let destination = Self.destination(ofLink: path) else {
                throw FileError(ofLastCall: .write, path: named)
            }
            path = destination.hasPrefix("/") ? destination : "\(Self.folder(of: path))/\(destination)"
        }
        errno = ELOOP
        throw FileError(ofLastCall: .write, path: named)
    }

    /// The folder that holds it.
    var folder: String { Self.folder(of: path) }

    /// Its name in the folder.
    var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func destination(ofLink path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        let destination = String(validating: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        // Rather than a file under a name that is only like it.
        if destination == nil { errno = EILSEQ }
        return destination
    }

    private static func requireRegular(_ status: stat, _ named: String) throws(FileError) {
        let found: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: found = "a folder"
        case S_IFIFO: found = "a pipe"
        case S_IFSOCK: found = "a socket"
        default: found = "a device"
        }
        throw FileError(path: named, attempt: .write, reason: "it is \(found)")
    }
}
