import MPI

/// A sum of integers over all ranks, watched for stalls as in training, beside MPI's own blocking call.
struct AllreduceFigures: Codable, Equatable {
    /// From one integer to more than any message of a step.
    static let sizes = [1, 16, 256, 4096, 65_536, 1 << 20]

    let elements: Int
    let bytes: Int
    let seconds: Double
    let bareSeconds: Double
    /// `seconds` over `bareSeconds`.
    let ratio: Double

    enum CodingKeys: String, CodingKey {
        case elements, bytes, seconds, ratio
        case bareSeconds = "bare_seconds"
    }

    /// One for each size; a collective. None on a single rank, which has nobody to send to.
    static func measured(by turns: Turns) throws -> [AllreduceFigures] {
        let communicator = turns.communicator
        guard communicator.size > 1 else { return [] }
        let message = UnsafeMutableBufferPointer<Int64>.allocate(capacity: sizes.max() ?? 0)
        defer { message.deallocate() }
        message.initialize(repeating: 0)
        let contestants = sizes.flatMap { elements in
            let part = UnsafeMutableBufferPointer(rebasing: message[..<elements])
            let repeats = max(2, min(50, (1 << 19) / elements))
            return [
                Turns.Contestant(repeats: repeats) { try communicator.allreduce(part, .sum) },
                Turns.Contestant(repeats: repeats) { try communicator.bareAllreduce(part) },
            ]
        }
        let seconds = try turns.medians(of: contestants)
        return sizes.enumerated().map { index, elements in
            AllreduceFigures(
                elements: elements, bytes: elements * MemoryLayout<Int64>.stride, seconds: seconds[2 * index],
                bareSeconds: seconds[2 * index + 1], ratio: seconds[2 * index] / seconds[2 * index + 1])
        }
    }
}
