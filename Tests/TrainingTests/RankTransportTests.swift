import Training
import XCTest

final class RankTransportTests: TrainingTestCase {
    func testEveryKindOfValueIsSummedOverTheRanksAndCounted() throws {
        let transport = RankTransport(world)
        let ranks = world.size
        var integers = [Int64(world.rank), 1 << 62, -7]
        // With a sum that wraps around, as integers do.
        try integers.withUnsafeMutableBufferPointer { try transport.sum($0, for: "integers") }
        XCTAssertEqual(integers, [Int64(ranks * (ranks - 1) / 2), Int64(ranks) &* (1 << 62), Int64(-7 * ranks)])
        var doubles = [Double(world.rank), 0.5]
        try doubles.withUnsafeMutableBufferPointer { try transport.sum($0, for: "doubles") }
        XCTAssertEqual(doubles, [Double(ranks * (ranks - 1) / 2), 0.5 * Double(ranks)])
        var floats = [Float](repeating: 0.25, count: 5)
        try floats.withUnsafeMutableBufferPointer { try transport.sum($0, for: "floats") }
        XCTAssertEqual(floats, Array(repeating: 0.25 * Float(ranks), count: 5))
        XCTAssertEqual(transport.messages, ranks > 1 ? 3 : 0)
        XCTAssertEqual(transport.bytes, ranks > 1 ? 3 * 8 + 2 * 8 + 5 * 4 : 0)
        XCTAssertEqual(transport.seconds > 0, ranks > 1)
    }

    func testValuesOfAllRanksAreGatheredInTheirOrderAndCounted() throws {
        let transport = RankTransport(world)
        let counts = (0..<world.size).map { 2 * $0 + 1 }
        let values = [Float](repeating: Float(world.rank), count: counts[world.rank])
        var all = [Float](repeating: -1, count: counts.reduce(0, +))
        try values.withUnsafeBufferPointer { values in
            try all.withUnsafeMutableBufferPointer {
                try transport.gather(values, into: $0, counts: counts, rank: world.rank, for: "values")
            }
        }
        XCTAssertEqual(all, counts.indices.flatMap { Array(repeating: Float($0), count: counts[$0]) })
        XCTAssertEqual(transport.messages, world.size > 1 ? 1 : 0)
        XCTAssertEqual(transport.bytes, world.size > 1 ? 4 * values.count : 0)
    }

    func testARankThatIsAloneSendsNothing() throws {
        let transport = RankTransport(alone)
        var values: [Int64] = [3, 4]
        try values.withUnsafeMutableBufferPointer { try transport.sum($0, for: "integers") }
        XCTAssertEqual(values, [3, 4])
        XCTAssertEqual(transport.messages + transport.bytes, 0)
    }

    /// The cuts do not depend on the ranks, only who takes which part.
    func testBatchesAreCutTheSameWayAndSpreadOverTheRanks() throws {
        let transport = RankTransport(world)
        for (count, size) in [(67, 16), (67, 67), (3, 1), (0, 5), (40, 10)] {
            let hosted = transport.hostedBatches(of: count, size: size)
            let bounds = try world.allgather(hosted.flatMap { [$0.lowerBound, $0.upperBound] }.map(Int64.init))
            let all = bounds.flatMap { bounds in
                stride(from: 0, to: bounds.count, by: 2).map { Int(bounds[$0])..<Int(bounds[$0 + 1]) }
            }
            XCTAssertEqual(
                all, stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }, "\(count) by \(size)")
            let most = (all.count + world.size - 1) / world.size
            XCTAssertLessThanOrEqual(hosted.count, most)
        }
    }
}
