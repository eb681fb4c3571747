import Autograd
import Kernels
import MPI
import Models
import Normalization
import XCTest

@testable import Training

final class GradientExchangeTests: TrainingTestCase {
    private let workers = 9
    private let names = ["first.weight", "second.weight", "second.bias"]

    func testTheSumIsThatInDoubleWithinHalfAUnitAWorker() throws {
        // Some gradients are so small that the unit of 2⁻⁴⁸ shows, some need all 24 bits of a Float.
        for scale in [1e-13, 1e-6, 1, 300] {
            let exchange = exchange()
            exchange.begin()
            for worker in hosted { add(gradients(of: worker, scale: scale), to: exchange) }
            XCTAssertNil(try exchange.exchange().lostParameter)
            for (index, parameter) in parameters.enumerated() {
                for value in 0..<parameter.tensor.count {
                    let sum = (0..<workers).reduce(0.0) {
                        $0 + Double(gradients(of: $1, scale: scale)[index][value])
                    }
                    let tolerance = Double(workers) * FixedPointGradient.unit / 2 + Double(Float(sum).ulp) / 2
                    XCTAssertEqual(Double(exchange.gradient(index)[value]), sum, accuracy: tolerance)
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
        let tooLarge = FixedPointGradient.limit(workers: workers)
        for value in [.nan, .infinity, -.infinity, tooLarge, -tooLarge, 0x1p120] {
            // A place in the vectors of eight, and one in the rest behind them.
            for place in [3, 16] {
                for worker in [0, workers - 1] {
                    XCTAssertEqual(try lostParameter([(worker, 0, place, value)]), names[0], "\(value)")
                }
            }
        }
        XCTAssertEqual(try lostParameter([(4, 2, 0, .nan)]), names[2])
        XCTAssertNil(try lostParameter([(4, 2, 0, tooLarge.nextDown)]))
    }

    func testOfSeveralLostGradientsTheFirstIsNamed() throws {
        XCTAssertEqual(try lostParameter([(0, 2, 1, .nan), (8, 1, 0, .infinity)]), names[1])
    }

    func testALossThatIsLostOnOneRankIsLostOnEveryRank() throws {
        for value in [Double.nan, .infinity, 0x1p64] {
            let exchange = exchange()
            exchange.begin()
            for worker in hosted { exchange.add(workerLoss: worker == workers - 1 ? value : 1) }
            XCTAssertTrue(try exchange.exchange().lossSum.isNaN)
        }
    }

    func testAGradientThatArrivesSummedIsTakenAsItIs() throws {
        let exchange = exchange(globallySummed: [names[2]])
        exchange.begin()
        exchange.receive(globalGradient: [0.1, -0.2, 3e38], for: parameters[2].tensor)
        XCTAssertNil(try exchange.exchange().lostParameter)
        XCTAssertEqual((0..<3).map { exchange.gradient(2)[$0] }, [0.1, -0.2, 3e38])
    }

    func testASummedGradientThatIsNotFiniteIsNamed() throws {
        for value in [Float.nan, .infinity] {
            let exchange = exchange(globallySummed: [names[2]])
            exchange.begin()
            exchange.receive(globalGradient: [0.1, value, 0], for: parameters[2].tensor)
            XCTAssertEqual(try exchange.exchange().lostParameter, names[2])
        }
    }

    func testTheMessageHoldsEightBytesAValue() throws {
        let (bytes, messages) = (sums.bytes, sums.messages)
        let exchange = exchange()
        exchange.begin()
        _ = try exchange.exchange()
        // 17 + 6 + 3 values, a count of losses for each parameter, three digits of the loss, counts of lost losses and of
        // ranks that want to stop.
        XCTAssertEqual(sums.bytes - bytes, world.size == 1 ? 0 : 8 * (26 + 3 + 5))
        XCTAssertEqual(sums.messages - messages, world.size == 1 ? 0 : 1)
    }

    private lazy var sums = TimedCommunicator(world)
    private lazy var hosted = Hosting(workers: workers, ranks: world.size, rank: world.rank).hosted
    private lazy var parameters = zip(names, [[17], [2, 3], [3]]).map { name, shape in
        Parameter(name: name, tensor: Tensor(shape: shape, needsGradient: true))
    }

    private func exchange(globallySummed: Set<String> = []) -> ExactGradientExchange {
        ExactGradientExchange(parameters: parameters, globallySummed: globallySummed, workers: workers, reducer: sums)
    }

    private func add(_ gradients: [[Float]], to exchange: ExactGradientExchange) {
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
