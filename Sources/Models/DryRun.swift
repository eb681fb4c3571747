import Autograd
import OneDNN
import Workers

/// One image of zeros on its way through a network: what every layer computes, on what extents.
public struct DryRun {
    /// What a layer did.
    public struct LayerRecord {
        /// Its name.
        public let layer: String
        /// What it computed, over one image.
        public let work: LayerWork
        /// The extents of what it made, images first.
        public let outputShape: [Int]
    }

    /// The layers in the order in which the image went through them.
    public let layers: [LayerRecord]

    /// - Parameters:
    ///   - network: whose layers are recorded.
    ///   - height: of the image.
    ///   - width: of the image.
    ///   - channels: those that the network was made for.
    /// - Throws: what a layer throws that has no output for such an image.
    public init(of network: any Layer, height: Int, width: Int, channels: Int) throws {
        let recorder = LayerRecorder()
        let tape = Tape(layout: BatchLayout(images: 1), isRecording: false, probe: recorder)
        let image = Tensor(shape: [1, height, width, channels])
        image.values.update(repeating: 0)
        _ = try network(image, ForwardContext(tape, mode: .evaluation))
        layers = recorder.records
    }

    /// Height and width of the smallest square image that the network has an output for; nil when even `largest` has
    /// none.
    public static func smallestExtent(for network: any Layer, channels: Int, upTo largest: Int = 64) -> Int? {
        (1...largest).first {
            (try? DryRun(of: network, height: $0, width: $0, channels: channels)) != nil
        }
    }

    /// The convolutions, each over one image, with the names of their layers.
    public var convolutions: [(layer: String, shape: ConvolutionShape)] {
        layers.compactMap { if case .convolution(let shape) = $0.work { ($0.layer, shape) } else { nil } }
    }

    /// The poolings, each over one image.
    public var poolings: [PoolingShape] {
        layers.compactMap { if case .pooling(let shape) = $0.work { shape } else { nil } }
    }

    /// Floating-point operations of a training step for each of its images, as direct convolutions need them.
    ///
    /// Counted are the multiply-adds of convolutions and dense layers, two operations each, products with padding
    /// included. A layer computes three such products in a training step: forward, the gradient of its input and the
    /// gradient of its weights; the first one has no use for the gradient of its input. Everything else is not counted, so
    /// that the figure is the same for every norm.
    public var flopsPerImage: Int {
        let forward = layers.compactMap { record -> Int? in
            switch record.work {
            case .convolution(let shape): shape.forwardFlops
            case .dense(let inputs, let outputs): 2 * inputs * outputs
            case .pooling, .normalization, .absentNormalization, .other: nil
            }
        }
        return 3 * forward.reduce(0, +) - (forward.first ?? 0)
    }
}

private final class LayerRecorder: Probe {
    private(set) var records: [DryRun.LayerRecord] = []

    func see(_ pass: LayerPass) {
        records.append(
            DryRun.LayerRecord(
                layer: pass.layer, work: pass.work, outputShape: pass.output.shape))
    }
}
