import Autograd
import Foundation
import Safetensors

/// One of the files of `Tests/Golden`: what PyTorch computes.
public struct Golden: Sendable {
    private let file: TensorFile

    /// - Parameter name: of the file, for example `network`.
    public init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        file = try TensorFile(contentsOf: folder.appendingPathComponent("Golden/\(name).safetensors").path)
    }

    /// The names of all tensors, sorted.
    public var names: [String] { file.names }

    /// The values of a tensor of Float32.
    public func floats(_ name: String) throws -> [Float] { try file.floats(named: name) }

    /// The values of a tensor of integers.
    public func integers(_ name: String) throws -> [Int] { try file.integers(named: name).map(Int.init) }

    /// The values of a tensor of Float64.
    public func doubles(_ name: String) throws -> [Double] { try file.doubles(named: name) }

    /// A tensor of Float32 in its stored shape.
    public func tensor(_ name: String, needsGradient: Bool = false) throws -> Tensor {
        Tensor(try file.floats(named: name), shape: try file.tensor(named: name).shape, needsGradient: needsGradient)
    }

    /// A tensor of the file if it is there.
    public func contains(_ name: String) -> Bool { file[name] != nil }
}
