/// The coefficients of eight channels, held in registers over all pixels.
struct VectorCoefficients {
    let center: Vector
    let scale: Vector
    let shift: Vector

    @inline(__always)
    init(_ coefficients: ChannelCoefficients, at offset: Int) {
        center = coefficients.center.vector(at: offset)
        scale = coefficients.scale.vector(at: offset)
        shift = coefficients.shift.vector(at: offset)
    }

    /// activation((x − center)·scale + shift)
    @inline(__always)
    func normalized(_ x: Vector, _ activation: some VectorActivation) -> Vector {
        activation(shift.addingProduct(x - center, scale))
    }

    /// The gradient in front of the activation; `centered` is x − center.
    @inline(__always)
    func masked(_ gradient: Vector, at centered: Vector, _ activation: some VectorActivation) -> Vector {
        activation.backward(gradient, at: shift.addingProduct(centered, scale))
    }
}
