import Autograd
import Normalization

/// Something that classifies images.
public protocol Network: AnyObject {
    /// Everything that training changes, in the order of the layers.
    var parameters: [Parameter] { get }

    /// The normalisations with running statistics, in the order of the layers.
    var batchNormalizations: [BatchNormalization] { get }

    /// The scores of each class.
    ///
    /// - Parameters:
    ///   - images: images × height × width × channels.
    ///   - inspect: shown the output of every layer with the layer's name, to find where a run went wrong.
    /// - Returns: images × classes.
    func logits(
        _ images: Tensor, mode: NormalizationMode, on tape: Tape, inspect: ((String, Tensor) -> Void)?
    ) throws -> Tensor
}
