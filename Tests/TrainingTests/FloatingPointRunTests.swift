import XCTest

/// A run whose sums are taken in floating point: near the exact one, and the same on every rank of it.
final class FloatingPointRunTests: TrainingTestCase {
    private let choices: [NormChoice] = [.batch(.worker), .batch(.world), .batch(.workers(5)), .group, .none]

    func testLossesAreNearThoseOfExactSums() throws {
        for choice in choices {
            var setting = Setting(normalization: choice)
            let exact = try setting.run(on: alone).train(steps: 0..<5)
            setting.isExact = false
            let losses = try setting.run(on: world).train(steps: 0..<5)
            for (loss, expected) in zip(losses, exact) {
                XCTAssertEqual(loss, expected, accuracy: 1e-4 * expected, "\(choice)")
            }
            XCTAssertEqual(Set(try world.allgather(losses.map(\.bitPattern))).count, 1, "\(choice)")
        }
    }

    func testOnOneRankItIsAlwaysTheSame() throws {
        for choice in choices {
            let setting = Setting(normalization: choice, isExact: false)
            XCTAssertEqual(
                try setting.run(on: alone).train(steps: 0..<5), try setting.run(on: alone).train(steps: 0..<5))
        }
    }

    /// One message for the gradients and one for the counts, from the first step on.
    func testNoStepNeedsFurtherMessages() throws {
        let run = try Setting(normalization: .batch(.world), isExact: false).run(on: world)
        for step in 1...3 {
            _ = try run.train(steps: step - 1..<step)
            XCTAssertEqual(run.transport.messages, world.size > 1 ? step * 12 : 0)
        }
    }
}
