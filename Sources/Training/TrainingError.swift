/// Why a run can't go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The loss is no finite number, or too large for the exact sums; the layer is the first whose output is not finite,
    /// nil when all are.
    case diverged(step: Int, layer: String?)
    /// The update of the last step left weights with which the task can't be evaluated.
    case divergedInTheLastStep
    /// A gradient is not finite, or too large for the exact sums.
    case gradientOverflow(step: Int, parameter: String)
    /// A rank keeps other weights than the rest, where all should keep the same.
    case drift(step: Int, rank: Int)
    /// The network has no output for the images; it needs so many rows and columns, if that is known.
    case imagesTooSmall(height: Int, width: Int, smallest: Int?)
    /// A norm would take each variance over a single value in every step.
    case singleValue(layer: String, height: Int, width: Int, channels: Int)
    /// A weights file does not fit the network.
    case otherNetwork(path: String, detail: String)
    /// A file of initial weights holds a tensor that the network does not take.
    case unknownTensor(path: String, tensor: String, shape: [Int])
    /// A tensor of initial weights holds a value that no training leaves.
    case impossibleValue(path: String, tensor: String, value: String)
    /// A file of initial weights has the names that run folders use.
    case notExported(path: String)

    /// Whether the training itself went astray.
    public var isDivergence: Bool {
        switch self {
        case .diverged, .divergedInTheLastStep, .gradientOverflow: true
        default: false
        }
    }

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .diverged(let step, nil):
            """
            the loss of step \(step) is not a number or too large to be summed, though the output of every layer is \
            finite: lower the learning rate or warm it up.
            """
        case .diverged(let step, let layer?):
            """
            the loss of step \(step) is not a number, and the first layer whose output is not finite is \(layer): \
            lower the learning rate or warm it up.
            """
        case .divergedInTheLastStep:
            "the loss of the test images after the last step is not a number: lower the learning rate or warm it up."
        case .gradientOverflow(let step, let parameter):
            """
            the gradient of \(parameter) in step \(step) is not finite or too large to be summed: the run diverges; \
            lower the learning rate or warm it up.
            """
        case .drift(let step, let rank):
            """
            the weights of rank \(rank) differ from those of the other ranks after step \(step), though all compute the \
            same: its memory or its processor may be faulty; go on from a checkpoint on another host.
            """
        case .imagesTooSmall(let height, let width, let smallest):
            "images of \(height)×\(width) pixels are too small for this network"
                + (smallest.map { ", which needs \($0)×\($0)." } ?? ".")
        case .singleValue(let layer, let height, let width, let channels):
            """
            \(layer), which gets \(height)×\(width)×\(channels) values of an image, would take variances over a single \
            value, and these are no statistics: take a larger --batch, larger images, statistics over more workers, or \
            another norm.
            """
        case .otherNetwork(let path, let detail):
            "\(path): these weights are not of this network (\(detail)); give the run folder that they belong to."
        case .unknownTensor(let path, let tensor, let shape):
            "\(path): this network takes no tensor \(tensor), which has shape \(shape): "
                + "give the weights of the same network with a norm that has the same tensors."
        case .impossibleValue(let path, let tensor, let value):
            "\(path): tensor \(tensor) holds \(value), which it can't: give weights of a training that went well."
        case .notExported(let path):
            "\(path): these weights have the names that run folders use; export them first with: "
                + "normtrain export RUN --pytorch FILE."
        }
    }
}
