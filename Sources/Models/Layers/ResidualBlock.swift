import Autograd
import Kernels

/// Two convolutions with norms, and a shortcut around them: ReLU(norm(conv(ReLU(norm(conv(x))))) + shortcut(x)) (He et al.
/// 2016, figure 2, with the shortcut without parameters, option A).
final class ResidualBlock: Layer {
    let name: String
    private let first: NormalizedConvolution
    private let second: NormalizedConvolution
    private let stride: Int
    private let channels: Int

    /// - Parameter stride: of the first convolution and of the shortcut.
    init(name: String, inputChannels: Int, outputChannels: Int, stride: Int, _ settings: NetworkSettings) throws {
        self.name = name
        self.stride = stride
        channels = outputChannels
        first = try NormalizedConvolution(
            prefix: "\(name).", number: 1, inputChannels: inputChannels, outputChannels: outputChannels, stride: stride,
            settings)
        second = try NormalizedConvolution(
            prefix: "\(name).", number: 2, inputChannels: outputChannels, outputChannels: outputChannels,
            activation: .identity, settings)
        if settings.model.zeroInitResidual {
            // The block begins as its shortcut (Goyal et al. 2017, section 5.1).
            second.normalization?.affine.gamma?.values.update(repeating: 0)
        }
    }

    var children: [any Module] { [first, second] }

    func callAsFunction(_ x: Tensor, _ context: ForwardContext) throws -> Tensor {
        let residual = try second(first(x, context), context)
        let isIdentity = stride == 1 && channels == x.shape[3]
        let around =
            isIdentity
            ? x
            : context.layer("\(name).shortcut", of: x) {
                context.tape.shortcut(x, stride: stride, channels: channels)
            }
        return context.layer("\(name).sum", of: residual) {
            context.tape.activate(context.tape.add(residual, around), .relu)
        }
    }
}
