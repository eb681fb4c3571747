/// y = x/‖x‖, computed in Double; a row of zeros, which points nowhere, stays zero.
///
/// - Parameters:
///   - x: columns, read.
///   - y: columns, overwritten.
/// - Returns: ‖x‖.
@discardableResult
public func unitRow(
    _ x: UnsafePointer<Float>, columns: Int, into y: UnsafeMutablePointer<Float>
) -> Double {
    let norm = dotProduct(x, x, columns: columns).squareRoot()
    let factor = norm == 0 ? 0 : 1 / norm
    for column in 0..<columns { y[column] = Float(factor * Double(x[column])) }
    return norm
}

/// The backward pass of `unitRow`: (g − y(y·g))/‖x‖; 0 for a row of zeros.
///
/// - Parameters:
///   - gradient: columns, read: g, that of y.
///   - y: columns, read: what the forward pass made.
///   - norm: what it returned.
///   - inputGradient: columns, overwritten.
public func unitRowGradient(
    of gradient: UnsafePointer<Float>, at y: UnsafePointer<Float>, norm: Double, columns: Int,
    into inputGradient: UnsafeMutablePointer<Float>
) {
    let along = dotProduct(gradient, y, columns: columns)
    let factor = norm == 0 ? 0 : 1 / norm
    for column in 0..<columns {
        inputGradient[column] = Float(factor * (Double(gradient[column]) - along * Double(y[column])))
    }
}

/// Σ first·second, products and sum in Double: the same bits for both orders of the factors.
///
/// - Parameters:
///   - first: columns, read.
///   - second: columns, read.
@inline(__always)
func dotProduct(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, columns: Int) -> Double {
    let vectorised = columns / 8 * 8
    var sums = WideVector.zero
    for column in stride(from: 0, to: vectorised, by: 8) {
        sums += WideVector(first.vector(at: column)) * WideVector(second.vector(at: column))
    }
    var sum = sums.sum()
    for column in vectorised..<columns { sum += Double(first[column]) * Double(second[column]) }
    return sum
}
