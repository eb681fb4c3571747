import Autograd
import Datasets
import Models
import Normalization

/// The images of the workers hosted here in one step.
public struct WorkerBatch {
    /// Whose images are where.
    public let layout: BatchLayout
    /// Images × height × width × channels, worker after worker.
    public let images: Tensor
    /// The class of each image.
    public let labels: [Int]

    /// - Parameters:
    ///   - indices: training images of each hosted worker.
    ///   - globalImages: images of all workers.
    ///   - needsImageGradient: whether gradients flow to the pixels.
    public init(
        of dataset: Dataset, indices: [[Int]], firstWorker: Int, globalImages: Int, needsImageGradient: Bool = false
    ) {
        let all = indices.flatMap { $0 }
        layout = BatchLayout(
            imageCounts: indices.map(\.count), firstWorker: firstWorker, globalImages: globalImages)
        images = dataset.tensor(of: dataset.train, all, needsGradient: needsImageGradient)
        labels = all.map { Int(dataset.train.labels[$0]) }
    }
}

/// One step of the descent, in two halves: the forward pass, then gradients, their exchange and the update.
public final class TrainingStep {
    /// What a forward pass leaves for the second half.
    public struct Pass {
        /// The batch that went through.
        public let batch: WorkerBatch
        /// The operations.
        public let tape: Tape
        /// Images × classes.
        public let logits: Tensor
        /// This rank's share of the mean loss over the global batch.
        public let loss: Tensor
    }

    /// The network that is trained.
    public let network: any Network
    let hosting: Hosting
    let communicator: TimedCommunicator
    let optimizer: GradientDescent
    private let exchange: any GradientExchange

    /// A step of stochastic gradient descent.
    public init(
        network: any Network, options: Trainer.Options, hosting: Hosting, communicator: TimedCommunicator
    ) {
        self.network = network
        self.hosting = hosting
        self.communicator = communicator
        let parameters = network.parameters
        exchange = communicator.gradientExchange(
            parameters: parameters, globallySummed: network.globallySummedParameters, workers: hosting.workers)
        optimizer = GradientDescent(
            parameters: parameters, momentum: options.momentum, weightDecay: options.weightDecay)
    }

    /// The forward pass over the images hosted here.
    public func forward(_ batch: WorkerBatch) throws -> Pass {
        let tape = Tape(layout: batch.layout, observer: communicator.recorder)
        observe(communicator.recorder, gradientPurpose, .other) { exchange.begin() }
        let logits = try network.logits(batch.images, mode: .training, on: tape, inspect: nil)
        let crossEntropy = try tape.layer("cross-entropy") { try tape.crossEntropy(logits, labels: batch.labels) }
        for loss in crossEntropy.workerLossSums { exchange.add(workerLoss: loss) }
        return Pass(batch: batch, tape: tape, logits: logits, loss: crossEntropy.loss)
    }

    /// Gradients of all workers, and the update.
    ///
    /// - Parameters:
    ///   - number: the step, counted from 1, for messages.
    ///   - stopping: whether this rank was asked to stop after it.
    /// - Returns: the mean loss over the global batch before the update, and whether a rank wants to stop.
    /// - Throws: `TrainingError.diverged` or `gradientOverflow`, on every rank alike.
    public func update(
        _ pass: Pass, number: Int, rate: Double, stopping: Bool = false
    ) throws -> (loss: Double, wantsStop: Bool) {
        if stopping { exchange.requestStop() }
        let recorder = communicator.recorder
        try pass.tape.backward(
            from: pass.loss, into: recorder.map { ObservedReceiver(exchange, observer: $0) } ?? exchange)
        let outcome = try observe(recorder, gradientPurpose, .other) { try exchange.exchange() }
        let loss = outcome.lossSum / Double(pass.batch.layout.globalImages)
        guard loss.isFinite else {
            throw TrainingError.diverged(step: number, layer: try firstLayerNotFinite(pass.batch))
        }
        if let parameter = outcome.lostParameter {
            throw TrainingError.gradientOverflow(step: number, parameter: parameter)
        }
        observe(recorder, "the update", .other) {
            optimizer.step(rate: rate) { UnsafePointer(exchange.gradient($0)) }
        }
        return (loss, outcome.wantsStop)
    }

    /// The gradient of the last update by the name of its parameter, the same on every rank.
    public var gradients: [String: [Float]] {
        var gradients: [String: [Float]] = [:]
        for (index, parameter) in network.parameters.enumerated() {
            let values = UnsafeBufferPointer(start: exchange.gradient(index), count: parameter.tensor.count)
            gradients[parameter.name] = Array(values)
        }
        return gradients
    }

    /// Runs the forward pass of a diverged step again and looks at every layer. The weights are still those of the step,
    /// and all ranks take part because synchronised norms need them.
    ///
    /// - Returns: the first layer with an output that is not finite on any rank, the same on all; nil without one.
    private func firstLayerNotFinite(_ batch: WorkerBatch) throws -> String? {
        var names: [String] = []
        var firstBad = Int64.max
        let tape = Tape(layout: batch.layout, isRecording: false)
        _ = try network.logits(batch.images, mode: .training, on: tape) { name, output in
            let isFinite = output.values.allSatisfy(\.isFinite)
            if !isFinite { firstBad = min(firstBad, Int64(names.count)) }
            names.append(name)
        }
        let first = try communicator.communicator.allreduce(firstBad, .min)
        return first == .max ? nil : names[Int(first)]
    }
}

extension Dataset {
    /// Normalised images as a tensor, images × height × width × channels.
    func tensor(of set: ImageSet, _ indices: some Collection<Int>, needsGradient: Bool = false) -> Tensor {
        let tensor = Tensor(
            shape: [indices.count, set.height, set.width, set.channels], needsGradient: needsGradient)
        set.fill(tensor.values, with: indices, normalization: normalization)
        return tensor
    }
}

extension Network {
    /// Parameters whose gradients arrive already summed over all workers: γ and β of synchronised norms.
    var globallySummedParameters: Set<String> {
        let synchronized = batchNormalizations.filter { $0.options.statistics == .world }
        return Set(synchronized.flatMap { ["\($0.name).gamma", "\($0.name).beta"] })
    }
}
