import Autograd
import Foundation
import MPI
import Safetensors
import Training
import XCTest

/// Networks, and files of weights for them.
extension TrainingTestCase {
    func network(_ choice: NormChoice) throws -> any Layer {
        try Setting(normalization: choice).run(on: world).network
    }

    func state(_ network: any Layer) throws -> NetworkState {
        try NetworkState(network, workers: Setting(normalization: .none).workers, communicator: world)
    }

    /// A file that PyTorch saved.
    func golden(_ name: String) throws -> TensorFile {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try TensorFile(contentsOf: tests.appendingPathComponent("Golden/\(name).safetensors").path)
    }

    /// The weights as they are after a way through a file.
    func read(_ file: TensorFile) throws -> PyTorchState {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("PyTorchState-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("state.safetensors").path
        try file.write(to: path)
        return try PyTorchState(bytes: Array(Data(contentsOf: URL(fileURLWithPath: path))), path: path)
    }
}
