import COneDNN

/// A product of two matrices of Float32 in row-major order: C = A·B, either factor transposed or not.
///
/// For equal extents and transpositions, and on one instruction set, equal inputs give equal bits.
/// Rows of C may differ in their last bits when the number of rows differs.
public struct MatrixProduct: Hashable, Sendable {
    /// Rows of C.
    public let rows: Int
    /// Columns of C.
    public let columns: Int
    /// Terms of each sum: columns of A, rows of B.
    public let terms: Int
    /// Whether A is stored transposed, as terms × rows.
    public let transposesLeft: Bool
    /// Whether B is stored transposed, as columns × terms.
    public let transposesRight: Bool

    /// Extents may be 0: without rows or columns nothing is done, without terms the product is 0.
    public init(rows: Int, columns: Int, terms: Int, transposesLeft: Bool = false, transposesRight: Bool = false) {
        self.rows = rows
        self.columns = columns
        self.terms = terms
        self.transposesLeft = transposesLeft
        self.transposesRight = transposesRight
    }

    /// Computes the product.
    /// - Parameters:
    ///   - left: A, rows × terms (if `transposesLeft` terms × rows)
    ///   - right: B, terms × columns (if `transposesRight` columns × terms)
    ///   - product: C, rows × columns, overwritten
    /// - Throws: `callFailed`, for negative extents too.
    public func execute(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, product: UnsafeMutablePointer<Float>
    ) throws {
        // oneDNN leaves C as it is when there are no terms.
        if terms == 0 { product.update(repeating: 0, count: max(rows * columns, 0)) }
        try Engine.shared().prepareCallingThread()
        try check(
            dnnl_sgemm(
                flag(transposesLeft), flag(transposesRight), dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(terms),
                1, left, leadingDimension(transposesLeft ? rows : terms), right,
                leadingDimension(transposesRight ? terms : columns), 0, product,
                leadingDimension(columns)),
            "dnnl_sgemm", for: "a product of \(rows)×\(terms) and \(terms)×\(columns) matrices")
    }

    private func flag(_ transposes: Bool) -> CChar { CChar(UInt8(ascii: transposes ? "T" : "N")) }

    /// oneDNN asks for at least 1, also for a matrix without columns.
    private func leadingDimension(_ rowLength: Int) -> dnnl_dim_t { dnnl_dim_t(max(rowLength, 1)) }
}
