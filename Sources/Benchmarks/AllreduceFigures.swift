import MPI
import Reports

extension AllreduceFigures {
    /// From one integer to more than any message of a step.
    static let sizes = [1, 16, 256, 4096, 65_536, 1 << 20]

    /// One for each size; a collective. None on a single rank, which has nobody to send to.
    static func measured(by turns: Turns) throws -> [AllreduceFigures] {
        let communicator = turns.communicator
        guard communicator.size > 1 else { return [] }
        let message = UnsafeMutableBufferPointer<Int64>.allocate(capacity: sizes.max() ?? 0)
        defer { message.deallocate() }
        message.initialize(repeating: 0)
        let measured = sizes.flatMap { elements in
            let part = UnsafeMutableBufferPointer(rebasing: message[..<elements])
            let repeats = max(2, min(50, (1 << 19) / elements))
            return [
                Turns.Measured(repeats: repeats) { try communicator.allreduce(part, .sum, for: "a measurement") },
                Turns.Measured(repeats: repeats) { try communicator.bareAllreduce(part) },
            ]
        }
        let seconds = try turns.medians(of: measured)
        return sizes.enumerated().map { index, elements in
            AllreduceFigures(
                elements: elements, seconds: seconds[2 * index], bareSeconds: seconds[2 * index + 1])
        }
    }
}
