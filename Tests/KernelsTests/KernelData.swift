import Kernels
import TestSupport

let channelCounts = [1, 3, 7, 8, 15, 16, 24, 32, 40, 96]
let pixelCounts = [1, 2, 5, 49, 784]
let activations: [Activation] = [.identity, .relu, .leakyReLU(slope: 0.2)]

/// Values in memory that begin at no vector boundary and end at a fence.
final class Fenced<Element> {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int
    private let block: UnsafeMutablePointer<Element>
    private let fence: Element
    private static var margin: Int { 3 }

    init(_ values: [Element], fence: Element) {
        count = values.count
        self.fence = fence
        block = .allocate(capacity: count + 2 * Self.margin)
        block.initialize(repeating: fence, count: count + 2 * Self.margin)
        pointer = block + Self.margin
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    deinit { block.deallocate() }

    var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}

extension Fenced where Element: Equatable {
    /// Whether nothing was written outside.
    var fenceStands: Bool {
        (0..<Self.margin).allSatisfy { block[$0] == fence && pointer[count + $0] == fence }
    }
}

/// A batch in memory, its per-channel coefficients, and a gradient, none of whose activation inputs is so near to zero
/// that rounding decides about its sign.
struct KernelCase {
    let pixels: Int
    let channels: Int
    let activation: Activation
    let x: [Float]
    let gradient: [Float]
    let center: [Float]
    let scale: [Float]
    let shift: [Float]

    init(pixels: Int, channels: Int, activation: Activation) {
        let seed = UInt64(pixels * 1000 + channels)
        self.init(
            pixels: pixels, channels: channels, activation: activation,
            x: randomFloats(pixels * channels, seed, mean: 3), gradient: randomFloats(pixels * channels, seed + 1),
            center: randomFloats(channels, seed + 2, mean: 3, deviation: 0.3),
            scale: randomFloats(channels, seed + 3, mean: 1, deviation: 0.1),
            shift: randomFloats(channels, seed + 4, deviation: 0.3))
    }

    /// The shift moves away from `shift` where an activation would be too near to its kink.
    init(
        pixels: Int, channels: Int, activation: Activation, x: [Float], gradient: [Float], center: [Float],
        scale: [Float], shift: [Float]
    ) {
        self.pixels = pixels
        self.channels = channels
        self.activation = activation
        self.x = x
        self.gradient = gradient
        self.center = center
        self.scale = scale
        self.shift = (0..<channels).map { channel in
            let terms = (0..<pixels).map { pixel in
                (Double(x[pixel * channels + channel]) - Double(center[channel])) * Double(scale[channel])
            }
            var candidate = shift[channel]
            while terms.contains(where: { abs($0 + Double(candidate)) < 1e-5 }) { candidate += 1e-3 }
            return candidate
        }
    }

    /// (x − center)·scale + shift in Double.
    func beforeActivation(_ index: Int) -> Double {
        let channel = index % channels
        return (Double(x[index]) - Double(center[channel])) * Double(scale[channel]) + Double(shift[channel])
    }

    /// The gradient in front of the activation, in Double.
    func masked(_ index: Int) -> Double {
        Double(gradient[index]) * activation.referenceDerivative(at: beforeActivation(index))
    }

    /// Calls `body` with the coefficients in memory.
    func withCoefficients<Result>(_ body: (ChannelCoefficients) -> Result) -> Result {
        center.withUnsafeBufferPointer { center in
            scale.withUnsafeBufferPointer { scale in
                shift.withUnsafeBufferPointer { shift in
                    body(
                        ChannelCoefficients(
                            center: center.baseAddress!, scale: scale.baseAddress!, shift: shift.baseAddress!))
                }
            }
        }
    }

    /// Every extent that the vector loops treat differently, with every activation.
    static var all: [KernelCase] {
        channelCounts.flatMap { channels in
            pixelCounts.flatMap { pixels in
                activations.map { KernelCase(pixels: pixels, channels: channels, activation: $0) }
            }
        }
    }

    var description: String { "\(pixels) pixels × \(channels) channels, \(activation)" }
}
