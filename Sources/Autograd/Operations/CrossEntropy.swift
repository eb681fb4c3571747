import OneDNN

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
        let logProbabilities = Tensor(shape: logits.shape)
        var lossSums: [Double] = []
        for images in layout.imageRanges {
            if !images.isEmpty {
                try LogSoftmax.cached(LogSoftmaxShape(rows: images.count, classes: classes)).execute(
                    source: logits.row(images.lowerBound), destination: logProbabilities.row(images.lowerBound))
            }
            lossSums.append(
                images.reduce(0.0) { $0 - Double(logProbabilities.pointer[$1 * classes + labels[$1]]) })
        }
        let scale = 1 / Double(layout.globalImages)
        let loss = Tensor(
            [Float(lossSums.reduce(0, +) * scale)], shape: [], needsGradient: logits.needsGradient)
        let layout = layout
        record("cross-entropy", output: loss) { upstream, flow in
            try flow.requireFirstOrder("cross-entropy")
            let oneHot = Tensor(shape: logits.shape)
            oneHot.values.update(repeating: 0)
            let share = -upstream.pointer[0] * Float(scale)
            for (image, label) in labels.enumerated() { oneHot.pointer[image * classes + label] = share }
            let gradient = Tensor(shape: logits.shape)
            for images in layout.occupiedRanges {
                let shape = LogSoftmaxShape(rows: images.count, classes: classes)
                try LogSoftmaxGradient.cached(shape).execute(
                    logProbabilities: logProbabilities.row(images.lowerBound),
                    outputGradient: oneHot.row(images.lowerBound), inputGradient: gradient.row(images.lowerBound))
            }
            flow.add(gradient, to: logits)
        }
        return CrossEntropy(loss: loss, workerLossSums: lossSums)
    }
}
