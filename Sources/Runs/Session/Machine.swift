import Files
import Foundation
import Reports

/// The machine that a run's first rank ran on, as its report tells.
package struct Machine: Codable, Equatable {
    /// The processor's name; where the system does not tell, nil.
    package let processor: String?
    /// Processors that the system counts; hardware threads are among them.
    package let processors: Int

    /// This machine.
    package static var current: Machine {
        let description = try? RegularFile.bytes(of: "/proc/cpuinfo")
        return Machine(
            processor: description.flatMap { processorName(in: String(decoding: $0, as: UTF8.self)) },
            processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// The name of the first processor, as the kernel describes it.
    static func processorName(in description: String) -> String? {
        for line in description.split(separator: "\n") where line.hasPrefix("model name") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[line.index(after: colon)...].split(separator: " ").joined(separator: " ")
            return name.isEmpty ? nil : name
        }
        return nil
    }
}

extension Machine {
    /// In words.
    var words: String { (processor.map { "\($0), " } ?? "") + counted(processors, "processor") }
}
