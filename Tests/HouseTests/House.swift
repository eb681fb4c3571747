import Foundation

/// The rules that every file under `Sources` keeps, and what breaks them.
struct House {
    /// What the Swift files of a target may import, and the C headers that a system library's header may include.
    ///
    /// Kernels know no ranks, the transport knows no mathematics, and normalisation meets MPI only through a protocol:
    /// a new name in this table needs a reason as good as the ones that stand here.
    static let allowedImports: [String: Set<String>] = [
        // The C libraries; beside its own header a shim may use the system's, to find a symbol or the cores of a rank.
        "COpenMPI": ["mpi.h", "sched.h"],
        "COneDNN": ["dnnl.h", "dnnl_debug.h", "dlfcn.h"],
        "CZlib": ["zlib.h"],

        "Kernels": [],
        // Loops over independent pieces of work. Glibc: its threads.
        "Threads": ["Glibc", "Synchronization"],
        // Synchronization: the engine and the cache of primitives are shared by all callers. Threads: each has primitives of
        // its own. Glibc: the environment variables that oneDNN reads.
        "OneDNN": ["COneDNN", "Threads", "Synchronization", "Glibc"],
        // Glibc: the variables that mpirun sets, the cores of this process, and the end of it.
        "MPI": ["COpenMPI", "Glibc"],
        // Synchronization: numbering tensors.
        "Autograd": ["Kernels", "OneDNN", "Threads", "Synchronization"],
        "Normalization": ["Autograd", "Kernels", "Threads"],
        "Models": ["Normalization", "Autograd", "Kernels", "OneDNN"],
        // Foundation: the system's calls. Crypto: SHA-256.
        "Files": ["Foundation", "Crypto"],
        // Foundation: JSON.
        "Safetensors": ["Files", "Foundation"],
        // What can be chosen by name, whatever it is.
        "Catalogues": [],
        // Kernels: its random numbers.
        "Datasets": ["CZlib", "Files", "Kernels", "Catalogues"],

        // Where mathematics and transport meet. Files: checkpoints, and the digest of the weights. Synchronization: the
        // flag that a signal raises.
        "Training": [
            "MPI", "Models", "Normalization", "Autograd", "Kernels", "Datasets", "Safetensors", "Files", "Foundation",
            "Synchronization",
        ],
        // The parts of a configuration have the types of the targets that they configure, and the benchmark measures
        // each of them. Files: run folders, and whether all ranks have the same images.
        "Experiments": [
            "Training", "Models", "Normalization", "Autograd", "Datasets", "Files", "MPI", "OneDNN", "Kernels",
            "Threads", "Yams", "Logging", "Foundation",
        ],
        // MPI: it is entered before the first command and left after it. Files: what the kernel tells of the processor.
        "normtrain": ["Experiments", "ArgumentParser", "Logging", "Foundation", "Files", "MPI"],
    ]

    static let longestFileLines = 300

    /// Ways to end the program without a sentence for the user.
    static let forbiddenCalls = ["fatalError(", "try!", "as!"]

    /// What breaks a rule: one line each, with the file's path below `sources`, in the order of the paths.
    static func violations(in sources: URL) throws -> [String] {
        let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted()
        return try targets.flatMap { target in
            guard let allowed = allowedImports[target] else { return ["\(target): no row names this target"] }
            return try files(in: sources.appending(path: target)).flatMap { file in
                let text = try String(contentsOf: file.url, encoding: .utf8)
                return violations(in: text, allowed: allowed).map { "\(target)/\(file.path)\($0)" }
            }
        }
    }

    /// The Swift files and C headers below a folder, with their paths in it.
    static func files(in folder: URL) throws -> [(path: String, url: URL)] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".h") }
            .map { ($0, folder.appending(path: $0)) }
    }

    private static func violations(in text: String, allowed: Set<String>) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var found: [String] = []
        let lineCount = text.hasSuffix("\n") ? lines.count - 1 : lines.count
        if lineCount > longestFileLines { found.append(": \(lineCount) lines, more than \(longestFileLines)") }
        for (index, line) in lines.enumerated() {
            for name in imports(of: line) where !allowed.contains(name) {
                found.append(":\(index + 1): imports \(name)")
            }
            let isComment = line.drop { $0 == " " }.hasPrefix("//")
            for call in forbiddenCalls where !isComment && line.contains(call) {
                found.append(":\(index + 1): contains \(call)")
            }
        }
        return found
    }

    /// The modules that a line imports, or the headers that it includes.
    ///
    /// Attributes, access levels and the kind of a single imported declaration are passed over, submodules cut off:
    /// `@testable internal import struct Foundation.Data` imports `Foundation`.
    static func imports(of line: String) -> [String] {
        line.split(separator: ";").compactMap { statement in
            var words = statement.split { " \t#<\">".contains($0) }
            if words.first == "include" { return words.dropFirst().first.map(String.init) }
            words = Array(words.drop { $0.hasPrefix("@") || accessLevels.contains($0) })
            guard words.first == "import" else { return nil }
            let name = words.dropFirst().first { !importableKinds.contains($0) }
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]

    private static let importableKinds: Set<Substring> = [
        "typealias", "struct", "class", "enum", "protocol", "let", "var", "func",
    ]
}
