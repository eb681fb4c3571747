import Autograd
import Kernels

/// The kernels that go once over all parameters of the network.
extension KernelBench {
    func parameters() -> [KernelCase] {
        let count = parameterCount
        // The gradients are of the normal distribution.
        let unit = FixedPointGradient(unitExponent: -35)
        let weights = Tensor.normals(shape: [count])
        let velocity = Tensor.normals(shape: [count])
        let gradient = Tensor.normals(shape: [count])
        let decoded = Tensor(shape: [count])
        let sum = Buffer(byteCount: count * MemoryLayout<Int64>.stride)
        sum.integers.update(repeating: 0, count: count)
        let (floatBytes, integerBytes) = (count * MemoryLayout<Float>.stride, count * MemoryLayout<Int64>.stride)
        func measured(_ kernel: String, reads: Int, writes: Int, _ run: @escaping () -> Void) -> KernelCase {
            KernelCase(
                kernel: kernel, shape: "\(count) parameters", place: .cache, bytesRead: reads, bytesWritten: writes,
                run: run)
        }
        return [
            measured("gradient to fixed point", reads: floatBytes + integerBytes, writes: integerBytes) {
                _ = unit.add(gradient.pointer, count: count, to: sum.integers)
            },
            measured("gradient from fixed point", reads: integerBytes, writes: floatBytes) {
                _ = unit.gradient(of: sum.integers, count: count, into: decoded.pointer)
            },
            // At rate 0 the weights stay where they are, however often it is measured.
            measured("gradient descent", reads: 3 * floatBytes, writes: 2 * floatBytes) {
                gradientDescentStep(
                    weights: weights.pointer, velocity: velocity.pointer, gradient: gradient.pointer, count: count,
                    rate: 0, momentum: 0.9, weightDecay: 0.0005)
            },
        ]
    }
}
