/// An activation applied in the same pass as the normalisation before it.
public enum Activation: Hashable, Sendable {
    /// y = x
    case identity
    /// y = max(0, x)
    case relu
    /// y = x for x > 0, else slope · x
    case leakyReLU(slope: Float)

    /// The activation of one value.
    @inlinable
    public func callAsFunction(_ x: Float) -> Float {
        switch self {
        case .identity: x
        case .relu: x < 0 ? 0 : x
        case .leakyReLU(let slope): x < 0 ? slope * x : x
        }
    }

    /// The derivative at `x`; at the kink it is that of the negative side, as in PyTorch.
    @inlinable
    public func derivative(at x: Float) -> Float {
        switch self {
        case .identity: 1
        case .relu: x > 0 ? 1 : 0
        case .leakyReLU(let slope): x > 0 ? 1 : slope
        }
    }
}

typealias Vector = SIMD8<Float>
typealias WideVector = SIMD8<Double>

/// An activation on one vector register, so that a kernel is compiled once per activation.
///
/// NaN passes through every activation: `max(0, NaN)` would hide a diverged run.
protocol VectorActivation {
    func callAsFunction(_ x: Vector) -> Vector
    /// The gradient that reaches `x`, given the gradient behind the activation.
    func backward(_ gradient: Vector, at x: Vector) -> Vector
}

struct Identity: VectorActivation {
    @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x }
    @inline(__always) func backward(_ gradient: Vector, at x: Vector) -> Vector { gradient }
}

struct ReLU: VectorActivation {
    @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x.replacing(with: 0, where: x .< 0) }
    @inline(__always) func backward(_ gradient: Vector, at x: Vector) -> Vector {
        gradient.replacing(with: 0, where: x .<= 0)
    }
}

struct LeakyReLU: VectorActivation {
    let slope: Float
    @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
        x.replacing(with: x * slope, where: x .< 0)
    }
    @inline(__always) func backward(_ gradient: Vector, at x: Vector) -> Vector {
        gradient.replacing(with: gradient * slope, where: x .<= 0)
    }
}

/// A kernel that is compiled once for each activation.
protocol VectorKernel {
    func callAsFunction(_ activation: some VectorActivation)
}

extension Activation {
    /// Runs a kernel with this activation: the one place that tells activations apart.
    @inline(__always)
    func run(_ kernel: some VectorKernel) {
        switch self {
        case .identity: kernel(Identity())
        case .relu: kernel(ReLU())
        case .leakyReLU(let slope): kernel(LeakyReLU(slope: slope))
        }
    }
}
