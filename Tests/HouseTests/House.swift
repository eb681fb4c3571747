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

        // Arithmetic on buffers needs nothing, not even Foundation.
        "Kernels": [],
        // What can be chosen: catalogues of named things, and the keys of a configuration, declared where they are used.
        "Catalogues": [],
        // Loops over independent pieces of work. Glibc: its threads.
        "Threads": ["Glibc", "Synchronization"],
        // Synchronization: the engine and the cache of primitives are shared by all callers. Threads: each has primitives of
        // its own. Glibc: the environment variables that decide oneDNN's bits.
        "OneDNN": ["COneDNN", "Threads", "Synchronization", "Glibc"],
        // Glibc: the variables that mpirun sets, the cores of this process, and the end of it.
        "MPI": ["COpenMPI", "Glibc"],
        // Who hosts which workers, and sums over them. Kernels: the integers that exact sums are taken in.
        "Workers": ["Kernels"],
        // Synchronization: the pool of buffers is shared by all threads.
        "Autograd": ["Kernels", "OneDNN", "Threads", "Workers", "Synchronization"],
        // The subject. It meets MPI only through the protocol of Workers.
        "Normalization": ["Autograd", "Catalogues", "Kernels", "Threads", "Workers"],
        "Models": ["Normalization", "Autograd", "Catalogues", "Kernels", "OneDNN", "Workers"],

        // Foundation: the system's calls. Crypto: SHA-256.
        "Files": ["Foundation", "Crypto"],
        // Foundation: JSON.
        "Safetensors": ["Files", "Foundation"],
        // Kernels: its random numbers.
        "Datasets": ["CZlib", "Files", "Kernels", "Catalogues"],
        // Plain figures in, text out: it knows neither MPI nor networks. Foundation: formats of numbers, JSON.
        "Reports": ["Foundation"],
        // The format of event files. SwiftProtobuf: its messages; FoundationEssentials: what generated code has of
        // Foundation.
        "TensorBoard": ["Files", "SwiftProtobuf", "Foundation", "FoundationEssentials"],

        // Where mathematics and transport meet. Files: checkpoints, and the digest of the weights. OneDNN: what its bits
        // depend on. Reports: the figures of a profile. Synchronization: the flag that a signal raises.
        "Training": [
            "MPI", "Normalization", "Autograd", "Catalogues", "Kernels", "OneDNN", "Safetensors", "Files", "Workers",
            "Reports", "Foundation", "Synchronization",
        ],
        // What differs between tasks, and nothing else. Kernels: its random numbers, and the nearest of many rows.
        "Tasks": [
            "Training", "Models", "Normalization", "Autograd", "Catalogues", "Datasets", "Kernels", "Workers", "MPI",
            "Foundation",
        ],
        // The values of some keys have the types of the targets that they configure, and others are names out of their
        // catalogues. Yams: the files. Foundation: texts.
        "Settings": [
            "Tasks", "Training", "Models", "Normalization", "Workers", "Datasets", "Catalogues", "OneDNN", "Files",
            "Yams",
            "Foundation",
        ],
        // Run folders, and one start of the program on all its ranks. Logging: notices. Threads: those of a rank.
        "Runs": [
            "Tasks", "Training", "Settings", "Reports", "TensorBoard", "Models", "Autograd", "Workers", "Catalogues",
            "Datasets", "Files", "MPI", "OneDNN", "Threads", "Logging", "Foundation",
        ],
        // Several runs, held against each other. Kernels: the formulas of the variance that `verify` shows.
        "Studies": [
            "Runs", "Tasks", "Training", "Settings", "Reports", "TensorBoard", "Models", "Normalization", "Autograd",
            "Workers",
            "Catalogues", "Datasets", "Files", "Kernels", "MPI", "Foundation",
        ],
        // Measures runs and each of their parts.
        "Benchmarks": [
            "Runs", "Tasks", "Training", "Settings", "Reports", "Models", "Autograd", "Workers", "Datasets", "Files",
            "Kernels", "MPI", "OneDNN", "Threads", "Foundation",
        ],
        // Settings: options come out of the declarations of its keys. MPI: it is entered before the first command and left
        // after it. Files: what the kernel tells of the processor. Reports: the tables of `list`.
        "normtrain": [
            "Studies", "Benchmarks", "Runs", "Settings", "Reports", "Catalogues", "ArgumentParser", "Foundation",
            "Files",
            "MPI",
        ],
    ]

    static let longestFileLines = 300

    /// How long a file may be: `X.pb.swift` as long as the generator makes it out of the `X.proto` beside it. The rules on
    /// imports and calls hold for it too.
    private static func mostLines(of file: URL) -> Int {
        let description = file.deletingPathExtension().deletingPathExtension().appendingPathExtension("proto")
        let isGenerated =
            file.path.hasSuffix(".pb.swift") && FileManager.default.fileExists(atPath: description.path)
        return isGenerated ? .max : longestFileLines
    }

    /// Ways to end the program without a sentence for the user, and to print without noticing that it fails.
    static let forbiddenCalls = ["fatalError(", "try!", "as!", " print("]

    /// What breaks a rule: one line each, with the file's path below `sources`, in the order of the paths.
    static func violations(in sources: URL) throws -> [String] {
        let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted()
        return try targets.flatMap { target in
            guard let allowed = allowedImports[target] else { return ["\(target): no row names this target"] }
            return try files(in: sources.appending(path: target)).flatMap { file in
                let text = try String(contentsOf: file.url, encoding: .utf8)
                return violations(in: text, allowed: allowed, mostLines: mostLines(of: file.url)).map {
                    "\(target)/\(file.path)\($0)"
                }
            }
        }
    }

    /// The Swift files and C headers below a folder, with their paths in it.
    static func files(in folder: URL) throws -> [(path: String, url: URL)] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".h") }
            .map { ($0, folder.appending(path: $0)) }
    }

    private static func violations(in text: String, allowed: Set<String>, mostLines: Int) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var found: [String] = []
        let lineCount = text.hasSuffix("\n") ? lines.count - 1 : lines.count
        if lineCount > mostLines { found.append(": \(lineCount) lines, more than \(mostLines)") }
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
