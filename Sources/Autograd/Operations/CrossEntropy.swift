import Kernels
import Workers

/// The loss of a classifier over this rank's images.
public struct CrossEntropy {
    /// Σ −log p(label) over this rank's images, divided by the images of all workers: the ranks' values add up to the
    /// mean loss.
    public let loss: Tensor
    /// Σ −log p(label) of each hosted worker, not divided.
    public let workerLossSums: [Double]
}

extension Tape {
    /// Softmax cross-entropy, as a sum over the images divided by the *global* batch, so that gradients add up across
    /// workers, also when their batches differ. Can't be differentiated again.
    ///
    /// - Parameters:
    ///   - logits: images × classes.
    ///   - labels: the class of each image.
    public func crossEntropy(_ logits: Tensor, labels: [Int]) throws -> CrossEntropy {
        precondition(
            logits.shape.count == 2 && logits.shape[0] == labels.count,
            "\(labels.count) labels do not fit logits of shape \(logits.shape)")
        requireImages(logits)
        let classes = logits.shape[1]
        precondition(
            labels.allSatisfy { (0..<classes).contains($0) }, "a label of \(labels) is not one of \(classes) classes")
        let share = 1 / Double(layout.globalImages)
        let gradient = Tensor(shape: logits.shape)
        let lossSums = layout.imageRanges.map { images in
            images.reduce(0.0) { sum, image in
                sum
                    + softmaxCrossEntropy(
                        of: logits.row(image), classes: classes, label: labels[image], factor: share,
                        gradient: gradient.row(image))
            }
        }
        let loss = Tensor(
            [Float(lossSums.reduce(0, +) * share)], shape: [], needsGradient: logits.needsGradient)
        record("cross-entropy", output: loss) { upstream, flow in
            try flow.requireFirstOrder("cross-entropy")
            flow.add(flow.arithmetic.scale(gradient, by: upstream.pointer[0]), to: logits)
        }
        return CrossEntropy(loss: loss, workerLossSums: lossSums)
    }
}
