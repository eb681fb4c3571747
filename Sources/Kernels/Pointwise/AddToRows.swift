/// y = x + values in every row: a bias, for example.
///
/// - Parameters:
///   - x: rows × columns, read; may be the same buffer as `y`.
///   - values: columns, read.
///   - y: rows × columns, overwritten.
public func addToRows(
    _ x: UnsafePointer<Float>, _ values: UnsafePointer<Float>, rows: Int, columns: Int,
    into y: UnsafeMutablePointer<Float>
) {
    let vectorised = columns / 8 * 8
    for start in stride(from: 0, to: rows * columns, by: columns) {
        for column in stride(from: 0, to: vectorised, by: 8) {
            y.store(x.vector(at: start + column) + values.vector(at: column), at: start + column)
        }
        for column in vectorised..<columns { y[start + column] = x[start + column] + values[column] }
    }
}
