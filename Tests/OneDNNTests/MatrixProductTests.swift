import OneDNN
import XCTest

final class MatrixProductTests: XCTestCase {
    private let extents = [(1, 1, 1), (3, 5, 7), (32, 10, 128), (10, 128, 33), (2, 1, 300), (65, 64, 63)]

    private func plain(_ product: MatrixProduct, _ left: [Double], _ right: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: product.rows * product.columns)
        for i in 0..<product.rows {
            for j in 0..<product.columns {
                for k in 0..<product.terms {
                    let a = left[product.transposesLeft ? k * product.rows + i : i * product.terms + k]
                    let b = right[product.transposesRight ? j * product.terms + k : k * product.columns + j]
                    result[i * product.columns + j] += a * b
                }
            }
        }
        return result
    }

    private func forEachProduct(_ body: (MatrixProduct, Values, Values) throws -> Void) rethrows {
        for (rows, columns, terms) in extents {
            for (transposesLeft, transposesRight) in [(false, false), (true, false), (false, true), (true, true)] {
                let product = MatrixProduct(
                    rows: rows, columns: columns, terms: terms, transposesLeft: transposesLeft,
                    transposesRight: transposesRight)
                try body(product, .random(rows * terms, seed: 11), .random(terms * columns, seed: 12))
            }
        }
    }

    func testProductOverwritesWhateverWasThere() throws {
        try forEachProduct { product, left, right in
            let result = Values.unwritten(product.rows * product.columns)
            try product.execute(left: left.pointer, right: right.pointer, product: result.pointer)
            assertClose(result, plain(product, left.doubles, right.doubles), "\(product)")
        }
    }

    func testSameFactorsAtAnyAddressGiveTheSameBits() throws {
        try forEachProduct { product, left, right in
            let first = Values.unwritten(product.rows * product.columns)
            try product.execute(left: left.pointer, right: right.pointer, product: first.pointer)
            for shift in 0..<4 {
                let movedLeft = Values.random(left.count + shift, seed: 0)
                let movedRight = Values.random(right.count + shift, seed: 0)
                (movedLeft.pointer + shift).update(from: left.pointer, count: left.count)
                (movedRight.pointer + shift).update(from: right.pointer, count: right.count)
                let second = Values.unwritten(first.count)
                try product.execute(
                    left: movedLeft.pointer + shift, right: movedRight.pointer + shift, product: second.pointer)
                XCTAssertEqual(first.bits, second.bits, "\(product), shifted by \(shift)")
            }
        }
    }

    func testProductWithoutTermsIsZero() throws {
        let result = Values.unwritten(6)
        let empty = Values.unwritten(0)
        try MatrixProduct(rows: 2, columns: 3, terms: 0).execute(
            left: empty.pointer, right: empty.pointer, product: result.pointer)
        XCTAssertEqual(result.doubles, [0, 0, 0, 0, 0, 0])
    }

    func testProductWithoutRowsOrColumnsWritesNothing() throws {
        let factor = Values.random(12, seed: 14)
        for (rows, columns) in [(0, 3), (3, 0)] {
            let result = Values.unwritten(0)
            try MatrixProduct(rows: rows, columns: columns, terms: 4).execute(
                left: factor.pointer, right: factor.pointer, product: result.pointer)
            XCTAssertTrue(result.fenceStands)
        }
    }

    func testNegativeExtentIsRefusedNamingCallAndExtents() {
        let values = Values.unwritten(4)
        XCTAssertThrowsError(
            try MatrixProduct(rows: -1, columns: 2, terms: 2).execute(
                left: values.pointer, right: values.pointer, product: values.pointer)
        ) { error in
            XCTAssertEqual(
                "\(error)",
                "oneDNN's dnnl_sgemm failed with status 2 (invalid_arguments) for a product of -1×2 and 2×2 matrices.")
        }
    }
}
