import Safetensors
import TestSupport
import XCTest

/// Files exchanged with the reference implementation, Python's `safetensors` package.
final class PythonTests: FolderTestCase {
    private static let goldens = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden").path

    func testFileWrittenByPythonIsRead() throws {
        let tensors = try TensorFile(contentsOf: Self.goldens + "/format.safetensors")
        XCTAssertEqual(tensors.names, ["bytes", "doubles", "floats", "integers", "nothing", "scalar"])
        XCTAssertEqual(tensors.metadata, ["writer": "safetensors for Python"])
        XCTAssertEqual(try tensors.floats(named: "floats", shape: [2, 3]), [0, 0.5, 1, 1.5, 2, 2.5])
        XCTAssertEqual(try tensors.doubles(named: "doubles", shape: [2]), [0.1, -1e300])
        XCTAssertEqual(try tensors.integers(named: "integers", shape: [3]), [-(1 << 40), 0, 1 << 40])
        XCTAssertEqual(try tensors.bytes(named: "bytes", shape: [5]), [0, 1, 127, 128, 255])
        XCTAssertEqual(try tensors.floats(named: "nothing", shape: [0, 4]), [])
        XCTAssertEqual(try tensors.floats(named: "scalar", shape: []), [-7])
    }

    func testEveryGoldenIsRead() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.goldens)
            .filter { $0.hasSuffix(".safetensors") }.sorted()
        XCTAssertTrue(Set(files).isSuperset(of: ["network.safetensors", "pytorch.safetensors"]), "\(files)")
        for file in files {
            XCTAssertFalse(try TensorFile(contentsOf: Self.goldens + "/" + file).names.isEmpty, file)
        }
    }

    func testPythonReadsOurFile() throws {
        try Python.require("numpy", "safetensors")
        var tensors = TensorFile(metadata: ["writer": "normtrain"])
        tensors["a.bytes"] = StoredTensor([1, 2, 255] as [UInt8], shape: [3])
        tensors["b.floats"] = StoredTensor([0.5, -1, 2, 1e30] as [Float], shape: [2, 2])
        tensors["c.doubles"] = StoredTensor([0.1] as [Double], shape: [])
        tensors["d.integers"] = StoredTensor([-5, 1 << 40] as [Int64], shape: [1, 2])
        try tensors.write(to: path("ours"))
        let script = """
            import sys, safetensors
            with safetensors.safe_open(sys.argv[1], framework="numpy") as file:
                print(file.metadata())
                for name in sorted(file.keys()):
                    tensor = file.get_tensor(name)
                    print(name, tensor.dtype, tensor.shape, tensor.flatten().tolist())
            """
        XCTAssertEqual(
            try Python.run(["-c", script, path("ours")]).output,
            """
            {'writer': 'normtrain'}
            a.bytes uint8 (3,) [1, 2, 255]
            b.floats float32 (2, 2) [0.5, -1.0, 2.0, 1.0000000150474662e+30]
            c.doubles float64 () [0.1]
            d.integers int64 (1, 2) [-5, 1099511627776]

            """)
    }
}
