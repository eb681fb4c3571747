import Kernels
import XCTest

final class SeededGeneratorTests: XCTestCase {
    /// The first ten outputs of the authors' reference code for the state 1, 2, 3, 4.
    func testSequenceIsThePublishedOneOfXoshiro256StarStar() {
        var generator = SeededGenerator(state: (1, 2, 3, 4))
        let published: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
            16_172_922_978_634_559_625, 8_476_171_486_693_032_832, 10_595_114_339_597_558_777,
            2_904_607_092_377_533_576,
        ]
        XCTAssertEqual(published.indices.map { _ in generator.next() }, published)
    }

    /// The first five outputs of the authors' reference code for the seed 1234567.
    func testSeedsAreSpreadByThePublishedSplitMix64() {
        var generator = SplitMix64(state: 1_234_567)
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        XCTAssertEqual(published.indices.map { _ in generator.next() }, published)
    }

    func testEqualSeedsPurposesAndKeysGiveEqualSequences() {
        var first = SeededGenerator(seed: 7, for: "order", 3, 1)
        var second = SeededGenerator(seed: 7, for: "order", 3, 1)
        XCTAssertEqual((0..<100).map { _ in first.next() }, (0..<100).map { _ in second.next() })
    }

    func testAnyOtherSeedPurposeOrKeyGivesAnotherSequence() {
        var generators = [
            SeededGenerator(seed: 7, for: "order", 3, 1),
            SeededGenerator(seed: 8, for: "order", 3, 1),
            SeededGenerator(seed: 7, for: "Order", 3, 1),
            SeededGenerator(seed: 7, for: "order", 1, 3),
            SeededGenerator(seed: 7, for: "order", 3),
            SeededGenerator(seed: 7, for: "order", 3, 1, 0),
            SeededGenerator(seed: 7, for: "order\u{3}", 1),
            SeededGenerator(seed: 7, for: "order"),
        ]
        XCTAssertEqual(Set(generators.indices.map { generators[$0].next() }).count, generators.count)
    }

    func testNormalValuesHaveTheMomentsOfTheNormalDistribution() {
        var generator = SeededGenerator(seed: 1, for: "test")
        let values = (0..<100_000).map { _ in generator.nextNormal() }
        // The expectations of x, x², x³, x⁴ and five standard errors √((E x²ᵏ − (E xᵏ)²)/10⁵) of each.
        for (order, expectation, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
            let accuracy = 5 * (variance / 100_000).squareRoot()
            XCTAssertEqual(moment(order, of: values), expectation, accuracy: accuracy, "moment \(order)")
        }
        // 0.3 % of a normal variable lies beyond three deviations.
        XCTAssertEqual(Double(values.filter { $0.magnitude > 3 }.count), 270, accuracy: 5 * 270.0.squareRoot())
    }

    func testIntegersBelowABoundAreEquallyFrequent() {
        var generator = SeededGenerator(seed: 1, for: "test")
        for bound in [1, 2, 3, 7, 10] {
            var frequencies = [Int](repeating: 0, count: bound)
            for _ in 0..<20_000 {
                frequencies[generator.nextInteger(below: bound)] += 1
            }
            let expected = 20_000 / Double(bound)
            for frequency in frequencies {
                XCTAssertEqual(Double(frequency), expected, accuracy: 5 * expected.squareRoot(), "below \(bound)")
            }
        }
    }

    /// Below 3·2⁶¹ a product without refusals would favour some integers: a third of them twice as much.
    func testIntegersBelowALargeBoundAreUnbiased() {
        var generator = SeededGenerator(seed: 1, for: "test")
        let third = 1 << 61
        var frequencies = [0, 0, 0]
        for _ in 0..<30_000 {
            frequencies[generator.nextInteger(below: 3 * third) / third] += 1
        }
        for frequency in frequencies {
            XCTAssertEqual(Double(frequency), 10_000, accuracy: 500)
        }
    }

    func testEveryOrderOfThreeElementsIsEquallyLikely() {
        var generator = SeededGenerator(seed: 1, for: "test")
        var frequencies: [[Int]: Int] = [:]
        for _ in 0..<12_000 {
            var elements = [0, 1, 2]
            generator.shuffle(&elements)
            frequencies[elements, default: 0] += 1
        }
        XCTAssertEqual(frequencies.count, 6)
        for frequency in frequencies.values {
            XCTAssertEqual(Double(frequency), 2000, accuracy: 225)
        }
    }

    func testShufflingNothingOrOneElementChangesNothing() {
        var generator = SeededGenerator(seed: 1, for: "test")
        var nothing: [Int] = []
        var one = [5]
        generator.shuffle(&nothing)
        generator.shuffle(&one)
        XCTAssertEqual(nothing, [])
        XCTAssertEqual(one, [5])
    }

    /// The last three are the check values of Wichura's paper, the others are from published tables.
    func testNormalQuantileAgreesWithPublishedValues() {
        let published = [
            (0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.025, -1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841_1), (1e-6, -4.753_424_308_822_899),
            (0.25, -0.674_489_750_196_081_71), (0.001, -3.090_232_306_167_814), (1e-20, -9.262_340_089_798_408),
        ]
        for (probability, quantile) in published {
            let accuracy = 1e-14 * max(1, quantile.magnitude)
            XCTAssertEqual(normalQuantile(probability), quantile, accuracy: accuracy, "at \(probability)")
        }
    }

    private func moment(_ order: Int, of values: [Double]) -> Double {
        values.reduce(0) { sum, value in sum + repeatElement(value, count: order).reduce(1, *) } / Double(values.count)
    }
}
