import Autograd
import Foundation
import Kernels
import MPI
import Workers
import XCTest

@testable import Training

final class GradientExchangeTests: TrainingTestCase {
    private let workers = 9
    private let names = ["first.weight", "second.weight", "second.bias"]

    func testTheSumIsThatInDoubleWithinHalfAUnitAWorker() throws {
        for scale in [1e-30, 1e-13, 1e-6, 1, 300, 1e30] {
            let exchange = exchange()
            // There is no unit in the first step, whose sum is exact. From the third on it is the one of gradients that
            // are a thousand times as large, so that it shows.
            var largest = parameters.map { _ in Float(0) }
            for step in [1, 1000, 1, 1] as [Double] {
                exchange.begin()
                for worker in hosted { add(gradients(of: worker, scale: step * scale), to: exchange) }
                XCTAssertNil(try exchange.exchange().lostParameter)
                for (index, parameter) in parameters.enumerated() {
                    let unit = largest[index] == 0 ? 0 : exp2(Double(largest[index].exponent) - 35)
                    for value in 0..<parameter.tensor.count {
                        let sum = (0..<workers).reduce(0.0) {
                            $0 + Double(gradients(of: $1, scale: step * scale)[index][value])
                        }
                        let tolerance = Double(workers) * unit / 2 + Double(Float(sum).ulp) / 2
                        XCTAssertEqual(Double(exchange.gradient(index)[value]), sum, accuracy: tolerance)
                    }
                    largest[index] =
                        UnsafeBufferPointer(start: exchange.gradient(index), count: parameter.tensor.count)
                        .map(abs).max() ?? 0
                }
            }
        }
    }

    func testLossesAddUp() throws {
        let exchange = exchange()
        exchange.begin()
        for worker in hosted { exchange.add(workerLoss: Double(worker) + 0.25) }
        XCTAssertEqual(try exchange.exchange().lossSum, 36 + 9 * 0.25)
    }

    func testEveryStepBeginsAtZero() throws {
        let exchange = exchange()
        for _ in 0..<3 {
            exchange.begin()
            for worker in hosted {
                exchange.receive(workerGradient: Array(repeating: 0.5, count: 17), for: parameters[0].tensor)
                exchange.add(workerLoss: Double(worker))
            }
            XCTAssertEqual(try exchange.exchange().lossSum, 36)
            XCTAssertEqual(exchange.gradient(0)[16], 4.5)
            XCTAssertEqual(exchange.gradient(1)[0], 0, "nothing arrived here")
        }
    }

    func testAGradientThatIsLostOnOneRankIsNamedOnEveryRank() throws {
        for value in [.nan, .infinity, -.infinity] as [Float] {
            // A place in the vectors of eight, and one in the rest behind them.
            for place in [3, 16] {
                for worker in [0, workers - 1] {
                    XCTAssertEqual(try lostParameter([(worker, 0, place, value)]), names[0], "\(value)")
                }
            }
        }
        XCTAssertEqual(try lostParameter([(4, 2, 0, .nan)]), names[2])
        XCTAssertNil(try lostParameter([(4, 2, 0, .greatestFiniteMagnitude)]))
        XCTAssertEqual(
            try lostParameter([(4, 2, 0, .greatestFiniteMagnitude), (8, 2, 0, .greatestFiniteMagnitude)]), names[2])
    }

    func testOfSeveralLostGradientsTheFirstIsNamed() throws {
        XCTAssertEqual(try lostParameter([(0, 2, 1, .nan), (8, 1, 0, .infinity)]), names[1])
    }

    func testALossThatIsLostOnOneRankIsLostOnEveryRank() throws {
        for value in [Double.nan, .infinity, 0x1p128] {
            let exchange = exchange()
            exchange.begin()
            for worker in hosted { exchange.add(workerLoss: worker == workers - 1 ? value : 1) }
            XCTAssertTrue(try exchange.exchange().lossSum.isNaN)
        }
    }

    func testAGradientThatArrivesSummedIsTakenAsItIs() throws {
        let exchange = exchange(arrivesSummed: true)
        exchange.begin()
        exchange.receive(globalGradient: [0.1, -0.2, 3e38], for: parameters[2].tensor)
        XCTAssertNil(try exchange.exchange().lostParameter)
        XCTAssertEqual((0..<3).map { exchange.gradient(2)[$0] }, [0.1, -0.2, 3e38])
    }

    func testASummedGradientThatIsNotFiniteIsNamed() throws {
        for value in [Float.nan, .infinity] {
            let exchange = exchange(arrivesSummed: true)
            exchange.begin()
            exchange.receive(globalGradient: [0.1, value, 0], for: parameters[2].tensor)
            XCTAssertEqual(try exchange.exchange().lostParameter, names[2])
        }
    }

    func testASummedGradientThatDoesNotArriveIsZero() throws {
        let exchange = exchange(arrivesSummed: true)
        exchange.begin()
        exchange.receive(globalGradient: [1, 2, 3], for: parameters[2].tensor)
        _ = try exchange.exchange()
        exchange.begin()
        _ = try exchange.exchange()
        XCTAssertEqual((0..<3).map { exchange.gradient(2)[$0] }, [0, 0, 0])
    }

    func testTheMessageHoldsEightBytesAValue() throws {
        let exchange = exchange()
        func sent(_ shares: Bool) throws -> [Int] {
            let (bytes, messages) = (transport.bytes, transport.messages)
            exchange.begin()
            if shares { for worker in hosted { add(gradients(of: worker, scale: 1), to: exchange) } }
            _ = try exchange.exchange()
            return [transport.messages - messages, transport.bytes - bytes]
        }
        // 17 + 6 + 3 values, counts of lost shares and of those that are apart for each parameter, six digits of the
        // loss, counts of lost losses and of ranks that want to stop.
        let bytes = 8 * (26 + 2 * 3 + 6 + 2)
        XCTAssertEqual(try sent(false), world.size == 1 ? [0, 0] : [1, bytes])
        // The first gradients have no unit yet: six digits of each value, in a message for each parameter.
        XCTAssertEqual(try sent(true), world.size == 1 ? [0, 0] : [4, bytes + 6 * 8 * 26])
        XCTAssertEqual(try sent(true), world.size == 1 ? [0, 0] : [1, bytes])
    }

    func testAnExchangeInFloatingPointIsNearAndTakesHalfTheBytes() throws {
        let exchange = GradientExchange(parameters, sums: FloatingPointSums(transport))
        let (bytes, messages) = (transport.bytes, transport.messages)
        exchange.begin()
        for worker in hosted {
            add(gradients(of: worker, scale: 1), to: exchange)
            exchange.add(workerLoss: Double(worker))
        }
        XCTAssertEqual(try exchange.exchange().lossSum, 36)
        // The values, and in Double a count of lost shares for each parameter, the loss, and ranks that want to stop.
        XCTAssertEqual(transport.bytes - bytes, world.size == 1 ? 0 : 4 * 26 + 8 * (3 + 2))
        XCTAssertEqual(transport.messages - messages, world.size == 1 ? 0 : 2)
        for (index, parameter) in parameters.enumerated() {
            for value in 0..<parameter.tensor.count {
                let sum = (0..<workers).reduce(0.0) { $0 + Double(gradients(of: $1, scale: 1)[index][value]) }
                XCTAssertEqual(Double(exchange.gradient(index)[value]), sum, accuracy: 1e-5)
            }
        }
    }

    private lazy var transport = RankTransport(world)
    private lazy var hosted = Hosting(workers: workers, ranks: world.size, rank: world.rank).hosted
    private let parameters = [
        Parameter(layer: "first", .weight, .parameter(shape: [17], filledWith: 0)),
        Parameter(layer: "second", .weight, .parameter(shape: [2, 3], filledWith: 0)),
        Parameter(layer: "second", .bias, .parameter(shape: [3], filledWith: 0)),
    ]

    /// - Parameter arrivesSummed: whether the gradient of the last parameter does.
    private func exchange(arrivesSummed: Bool = false) -> GradientExchange {
        let last = parameters[2]
        let parameters =
            parameters.dropLast() + [Parameter(layer: last.layer, last.role, last.tensor, arrivesSummed: arrivesSummed)]
        return GradientExchange(Array(parameters), sums: ExactSums(transport))
    }

    private func add(_ gradients: [[Float]], to exchange: GradientExchange) {
        for (gradient, parameter) in zip(gradients, parameters) {
            exchange.receive(workerGradient: gradient, for: parameter.tensor)
        }
    }

    private func gradients(of worker: Int, scale: Double) -> [[Float]] {
        var generator = SeededGenerator(seed: 1, for: "gradients", worker)
        return parameters.map { parameter in
            (0..<parameter.tensor.count).map { _ in Float(scale * generator.nextNormal()) }
        }
    }

    /// What is named when some workers' gradients have such values at such places.
    private func lostParameter(_ losses: [(worker: Int, parameter: Int, place: Int, value: Float)]) throws -> String? {
        let exchange = exchange()
        exchange.begin()
        for worker in hosted {
            var gradients = gradients(of: worker, scale: 1)
            for loss in losses where loss.worker == worker { gradients[loss.parameter][loss.place] = loss.value }
            add(gradients, to: exchange)
        }
        let named = try exchange.exchange().lostParameter
        XCTAssertEqual(Set(try world.allgather(named ?? "")).count, 1)
        return named
    }
}
