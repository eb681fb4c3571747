import Safetensors
import TestSupport
import XCTest

final class WritingTests: FolderTestCase {
    private func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    func testWrittenFileHasTheBytesTheFormatAsksFor() throws {
        var tensors = TensorFile(metadata: ["step": "20", "seed": "7"])
        tensors["b"] = StoredTensor([1, -2.5] as [Float], shape: [2])
        tensors["a"] = StoredTensor([3] as [UInt8], shape: [])
        try tensors.write(to: path("file"))
        let header =
            #"{"__metadata__":{"seed":"7","step":"20"},"#
            + #""a":{"data_offsets":[8,9],"dtype":"U8","shape":[]},"#
            + #""b":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}"#
        let padding = (8 - header.utf8.count % 8) % 8
        XCTAssertGreaterThan(padding, 0, "the test would not see missing padding")
        XCTAssertEqual(
            try bytes("file"),
            [UInt8(header.utf8.count + padding), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
                + [UInt8](repeating: 0x20, count: padding) + [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 3])
    }

    func testEveryElementTypeSurvivesARoundTripBitForBit() throws {
        var tensors = TensorFile(metadata: ["text": "\"quotes\" / \\ \n ü"])
        tensors["floats"] = StoredTensor([.pi, -0.0, .infinity, .leastNonzeroMagnitude] as [Float], shape: [2, 2])
        tensors["doubles"] = StoredTensor([.pi, .greatestFiniteMagnitude] as [Double], shape: [2])
        tensors["integers"] = StoredTensor([.min, .max, -1] as [Int64], shape: [3, 1])
        tensors["bytes"] = StoredTensor([0, 255, 7] as [UInt8], shape: [3])
        tensors["nothing"] = StoredTensor([] as [Float], shape: [0, 5])
        tensors["a \"quoted\" / nämé"] = StoredTensor([1] as [Float], shape: [])
        try tensors.write(to: path("file"))
        let read = try TensorFile(contentsOf: path("file"))
        XCTAssertEqual(read.names, tensors.names)
        XCTAssertEqual(read.metadata, tensors.metadata)
        for name in tensors.names { XCTAssertEqual(read[name], tensors[name], name) }
        XCTAssertEqual(try read.floats(named: "floats")[1].sign, .minus)
    }

    func testBytesDoNotDependOnTheOrderOfStoring() throws {
        let names = (0..<40).map { "layer\($0).weight" }
        for (file, order) in [("up", names), ("down", names.reversed())] {
            var tensors = TensorFile()
            for name in order { tensors[name] = StoredTensor([Int64(name.count)], shape: [1]) }
            for name in order { tensors.metadata[name] = name }
            try tensors.write(to: path(file))
        }
        XCTAssertEqual(try bytes("up"), try bytes("down"))
    }

    func testRemovedTensorIsNotWritten() throws {
        var tensors = TensorFile()
        tensors["a"] = StoredTensor([1] as [Float], shape: [1])
        tensors["b"] = StoredTensor([2] as [Float], shape: [1])
        tensors["a"] = nil
        try tensors.write(to: path("file"))
        XCTAssertEqual(try TensorFile(contentsOf: path("file")).names, ["b"])
    }

    func testNameThatTheFormatReservesIsRefused() throws {
        var tensors = TensorFile()
        tensors["__metadata__"] = StoredTensor([1] as [Float], shape: [1])
        XCTAssertThrowsError(try tensors.write(to: path("file"))) { error in
            XCTAssertEqual((error as? SafetensorsError)?.problem, .reservedName("__metadata__"))
        }
        XCTAssertEqual(try contentsOfFolder(), [])
    }

    func testFolderThatDoesNotExistIsNamedInOneSentence() {
        let path = path("absent/file")
        XCTAssertThrowsError(try TensorFile().write(to: path)) { error in
            XCTAssertEqual("\(error)", "\(path): the file can't be written (No such file or directory).")
        }
    }
}
