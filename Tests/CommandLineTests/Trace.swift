import Foundation

/// What strace has recorded of the program's main thread.
struct Trace {
    /// A system call.
    struct Call {
        /// For example `fsync`.
        let name: String
        /// How many calls of that name there were, with this one: what strace calls `when`.
        let occurrence: Int
        /// Arguments and result, as strace writes them.
        let text: String

        /// The files that its arguments name or have open, without what is random in their names.
        var files: [String] {
            let paths = /<(\/[^<>]*)>|"((?:run|\/dev|\/tmp\/[^\/"]*\/)[^"]*)"/
            return text.replacing(/\)\s+= .*$/, with: "").matches(of: paths).map {
                String($0.1 ?? $0.2 ?? "").replacing(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/, with: "UUID")
            }
        }

        func isOf(_ name: String, _ file: String) -> Bool { self.name == name && text.contains(file) }
    }

    let calls: [Call]

    /// Reads what `strace -y -o` has written: lines such as `fsync(19</tmp/run>) = 0`.
    init(_ text: String) {
        var occurrences: [Substring: Int] = [:]
        var calls: [Call] = []
        for line in text.split(separator: "\n") {
            // Signals and the end have lines too, which begin otherwise.
            guard line.first?.isLowercase == true, let bracket = line.firstIndex(of: "(") else { continue }
            let name = line[..<bracket]
            occurrences[name, default: 0] += 1
            calls.append(Call(name: String(name), occurrence: occurrences[name] ?? 0, text: String(line[bracket...])))
        }
        self.calls = calls
    }
}
