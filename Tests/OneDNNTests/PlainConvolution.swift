import OneDNN

/// The three passes of a convolution as loops in Double, straight from their definitions.
struct PlainConvolution {
    let shape: ConvolutionShape

    func forward(source: [Double], weights: [Double]) -> [Double] {
        var destination = [Double](repeating: 0, count: shape.destinationCount)
        forEachProduct { x, w, y in destination[y] += source[x] * weights[w] }
        return destination
    }

    func inputGradient(outputGradient: [Double], weights: [Double]) -> [Double] {
        var gradient = [Double](repeating: 0, count: shape.sourceCount)
        forEachProduct { x, w, y in gradient[x] += outputGradient[y] * weights[w] }
        return gradient
    }

    func weightGradient(source: [Double], outputGradient: [Double]) -> [Double] {
        var gradient = [Double](repeating: 0, count: shape.weightCount)
        forEachProduct { x, w, y in gradient[w] += outputGradient[y] * source[x] }
        return gradient
    }

    /// Indices of input (NHWC), weight (OIHW) and output (NHWC) of every product that does not meet padding.
    private func forEachProduct(_ body: (Int, Int, Int) -> Void) {
        for n in 0..<shape.images {
            for i in 0..<shape.outputHeight {
                for j in 0..<shape.outputWidth {
                    for o in 0..<shape.outputChannels {
                        let y = ((n * shape.outputHeight + i) * shape.outputWidth + j) * shape.outputChannels + o
                        forEachTap(n, i, j, o) { x, w in body(x, w, y) }
                    }
                }
            }
        }
    }

    private func forEachTap(_ n: Int, _ i: Int, _ j: Int, _ o: Int, _ body: (Int, Int) -> Void) {
        for r in 0..<shape.kernel {
            for s in 0..<shape.kernel {
                let row = i * shape.stride + r - shape.padding
                let column = j * shape.stride + s - shape.padding
                guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else { continue }
                for c in 0..<shape.inputChannels {
                    body(
                        ((n * shape.height + row) * shape.width + column) * shape.inputChannels + c,
                        ((o * shape.inputChannels + c) * shape.kernel + r) * shape.kernel + s)
                }
            }
        }
    }
}
