import Foundation

/// Looking into folders.
public enum Folder {
    /// What is in the folder at `path`: names without the folder's, sorted; nil when there is no such folder.
    ///
    /// Not by Foundation, which takes a folder for shorter when the disk fails while it reads.
    public static func names(in path: String) throws(FileError) -> [String]? {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return nil }
            throw FileError(ofLastCall: .list, path: path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileError(ofLastCall: .list, path: path) }
        return names.sorted()
    }
}
