/// A word of a command as it must be typed into a shell: in quotes where the shell would read something else.
///
/// A path that begins with a dash would be taken for an option, and gets `./` before it.
public func shellWord(_ word: String) -> String { shellArgument(word.hasPrefix("-") ? "./\(word)" : word) }

/// An argument of a command, an option or not, as it must be typed into a shell.
public func shellArgument(_ argument: String) -> String {
    // Some shells put a path in place of a word that begins with an equals sign.
    let isPlain = !argument.isEmpty && !argument.hasPrefix("=") && argument.utf8.allSatisfy { plainBytes.contains($0) }
    if isPlain { return argument }
    return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

/// The command that starts `normtrain` with some arguments, on as many ranks.
public func command(_ arguments: String, ranks: Int) -> String {
    ranks > 1 ? "mpirun -np \(ranks) normtrain \(arguments)" : "normtrain \(arguments)"
}

private let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%=".utf8)
