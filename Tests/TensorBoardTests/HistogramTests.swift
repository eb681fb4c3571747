import TestSupport
import XCTest

@testable import TensorBoard

final class HistogramTests: FolderTestCase {
    private func cells(_ values: [Double]) -> [Double] {
        Histogram(of: values).buckets.flatMap { [$0.left, $0.right, Double($0.count)] }
    }

    func testBucketsAreOfEqualWidthAndTheLargestValueBelongsToTheLast() {
        let buckets = Histogram(of: [0, 0.9, 1, 2.5, 4], buckets: 4).buckets
        XCTAssertEqual(buckets.map(\.left), [0, 1, 2, 3])
        XCTAssertEqual(buckets.map(\.right), [1, 2, 3, 4])
        XCTAssertEqual(buckets.map(\.count), [2, 1, 1, 1])
    }

    func testWithoutAFiniteValueAllBucketsAreEmpty() {
        for values in [[], [Double.nan, .infinity, -.infinity]] {
            XCTAssertEqual(cells(values), Array(repeating: 0, count: 90))
        }
    }

    func testValuesThatAreNotFiniteAreLeftOut() {
        XCTAssertEqual(cells([1, .nan, 2, .infinity]), cells([1, 2]))
    }

    /// Twice the largest number is no finite range.
    func testEveryFiniteValueIsCounted() {
        let largest = Double.greatestFiniteMagnitude
        for values in [[-largest, 0, largest], [5e-324, 0], [1, 1.nextUp], [-0.0, 0], [largest, largest]] {
            let buckets = Histogram(of: values).buckets
            XCTAssertEqual(buckets.map(\.count).reduce(0, +), values.count, "\(values)")
            XCTAssertTrue(buckets.allSatisfy { $0.left.isFinite && $0.left <= $0.right }, "\(values)")
        }
    }

    func testBucketsAreThoseOfTensorBoardBitForBit() throws {
        try Python.require("tensorboard", "numpy")
        var random = SystemRandomNumberGenerator()
        let lists =
            [[], [3], [2, 2, 2], [0, 1], [-1, 0.5, 7]]
            + [2, 31, 1000].map { count in (0..<count).map { _ in Double.random(in: -3...5, using: &random) } }
            + [(0..<128).map { _ in Double(Float.random(in: 0...1e-3, using: &random)) }]
        try write(Array(JSONEncoder().encode(lists)), to: "numbers.json")
        let outcome = try Python.run([Python.script("histograms.py"), path("numbers.json")])
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        let expected = try JSONDecoder().decode([[String]].self, from: Data(outcome.output.utf8))
        XCTAssertEqual(expected.count, lists.count)
        for (list, expected) in zip(lists, expected) {
            XCTAssertEqual(cells(list), expected.map { Double($0) ?? .nan }, "\(list)")
        }
    }
}
