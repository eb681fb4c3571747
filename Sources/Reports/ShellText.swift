/// A word of a command as it must be typed into a shell: in quotes where the shell would read something else.
///
/// A path that begins with a dash would be taken for an option, and gets `./` before it.
public func shellWord(_ word: String) -> String {
    let path = word.hasPrefix("-") ? "./\(word)" : word
    let isPlain = !path.isEmpty && path.utf8.allSatisfy { plainBytes.contains($0) }
    if isPlain { return path }
    return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

/// The command that starts `normtrain` with some arguments, on as many ranks.
public func command(_ arguments: String, ranks: Int) -> String {
    ranks > 1 ? "mpirun -np \(ranks) normtrain \(arguments)" : "normtrain \(arguments)"
}

private let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%".utf8)
