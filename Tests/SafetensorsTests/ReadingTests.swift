import Files
import Safetensors
import TestSupport
import XCTest

final class ReadingTests: FolderTestCase {
    /// A file made byte by byte: the header's length, the header, the data.
    private func file(_ header: String, data: [UInt8] = [], claiming length: UInt64? = nil) throws -> String {
        let length = length ?? UInt64(header.utf8.count)
        let lengthBytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        let path = path("weights.safetensors")
        try Data(lengthBytes + Array(header.utf8) + data).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func assertRefused(
        _ path: String, _ expected: SafetensorsError.Problem, sourceFile: StaticString = #filePath, line: UInt = #line
    ) {
        XCTAssertThrowsError(try TensorFile(contentsOf: path), file: sourceFile, line: line) { error in
            XCTAssertEqual((error as? SafetensorsError)?.problem, expected, file: sourceFile, line: line)
            XCTAssertTrue("\(error)".hasPrefix(path), "no file named in: \(error)", file: sourceFile, line: line)
        }
    }

    private struct Accepted: Error {}

    /// For problems whose reason is in the words of the JSON decoder.
    private func problem(of path: String) throws -> SafetensorsError.Problem {
        do {
            _ = try TensorFile(contentsOf: path)
        } catch {
            XCTAssertTrue("\(error)".hasPrefix(path), "no file named in: \(error)")
            return try XCTUnwrap(error as? SafetensorsError).problem
        }
        throw Accepted()
    }

    func testEveryElementTypeIsReadFromItsLittleEndianBytes() throws {
        let path = try file(
            #"{"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"#
                + #""d":{"dtype":"I64","shape":[2],"data_offsets":[8,24]},"#
                + #""a":{"dtype":"F32","shape":[1,2],"data_offsets":[24,32]},"#
                + #""c":{"dtype":"U8","shape":[],"data_offsets":[32,33]},"#
                + #""__metadata__":{"seed":"7"}}   "#,
            data: [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]
                + [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + [0, 1, 0, 0, 0, 0, 0, 0]
                + [0, 0, 0x80, 0x3F] + [0, 0, 0x20, 0xC0]
                + [200])
        let tensors = try TensorFile(contentsOf: path)
        XCTAssertEqual(tensors.names, ["a", "b", "c", "d"])
        XCTAssertEqual(tensors.metadata, ["seed": "7"])
        XCTAssertEqual(try tensors.floats(named: "a", shape: [1, 2]), [1, -2.5])
        XCTAssertEqual(try tensors.doubles(named: "b", shape: [1]), [1.5])
        XCTAssertEqual(try tensors.bytes(named: "c", shape: []), [200])
        XCTAssertEqual(try tensors.integers(named: "d", shape: [2]), [-2, 256])
        XCTAssertEqual(tensors["a"], StoredTensor([1, -2.5] as [Float], shape: [1, 2]))
        XCTAssertNil(tensors["e"])
    }

    func testFileWithoutTensorsIsRead() throws {
        XCTAssertEqual(try TensorFile(contentsOf: file("{}")).names, [])
        XCTAssertEqual(try TensorFile(contentsOf: file(#"{"__metadata__":{}}"#)).names, [])
    }

    func testTensorWithoutElementsIsRead() throws {
        let path = try file(#"{"a":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}}"#)
        XCTAssertEqual(try TensorFile(contentsOf: path).floats(named: "a", shape: [3, 0]), [])
    }

    func testPunctuationInsideANameIsNotMistakenForStructure() throws {
        let path = try file(#"{"a\":{[":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [9])
        XCTAssertEqual(try TensorFile(contentsOf: path).bytes(named: "a\":{["), [9])
    }

    func testAskingForWhatTheFileDoesNotHoldIsRefused() throws {
        let path = try file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: [0, 0, 0, 0, 0, 0, 0, 0])
        let tensors = try TensorFile(contentsOf: path)
        func problem(_ body: () throws -> Void) -> SafetensorsError.Problem? {
            do {
                try body()
                return nil
            } catch {
                XCTAssertTrue("\(error)".hasPrefix(path))
                return (error as? SafetensorsError)?.problem
            }
        }
        XCTAssertEqual(problem { _ = try tensors.floats(named: "b") }, .missingTensor("b"))
        XCTAssertEqual(problem { _ = try tensors.tensor(named: "b") }, .missingTensor("b"))
        XCTAssertEqual(
            problem { _ = try tensors.floats(named: "a", shape: [1, 2]) },
            .wrongShape(tensor: "a", expected: [1, 2], found: [2]))
        XCTAssertEqual(
            problem { _ = try tensors.doubles(named: "a") },
            .wrongElementType(tensor: "a", expected: .float64, found: .float32))
        XCTAssertEqual(
            problem { _ = try tensors.integers(named: "a") },
            .wrongElementType(tensor: "a", expected: .int64, found: .float32))
        XCTAssertEqual(
            problem { _ = try tensors.bytes(named: "a") },
            .wrongElementType(tensor: "a", expected: .uint8, found: .float32))
    }

    func testWhatIsNoFileIsRefused() {
        for path in [path("absent"), folder.path] {
            XCTAssertThrowsError(try TensorFile(contentsOf: path)) { error in
                XCTAssertEqual((error as? FileError)?.path, path)
            }
        }
    }

    func testFileShorterThanAHeaderLengthIsRefused() throws {
        let path = path("short")
        try Data([1, 0, 0]).write(to: URL(fileURLWithPath: path))
        assertRefused(path, .shorterThanItsHeaderLength(fileBytes: 3))
        try Data().write(to: URL(fileURLWithPath: path))
        assertRefused(path, .shorterThanItsHeaderLength(fileBytes: 0))
    }

    func testHeaderLengthAboveTheLimitIsRefused() throws {
        assertRefused(try file("{}", claiming: 100_000_001), .headerTooLong(headerBytes: 100_000_001))
        assertRefused(try file("{}", claiming: .max), .headerTooLong(headerBytes: .max))
    }

    /// The first bytes that PyTorch 2.15 writes, in either of its formats.
    func testFilesOfTorchSaveAreCalledSo() throws {
        for bytes in [
            [0x50, 0x4b, 0x03, 0x04, 0, 0, 8, 8, 0, 0, 0, 0],
            [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20],
        ] as [[UInt8]] {
            try write(bytes, to: "network.pt")
            assertRefused(path("network.pt"), .pickle)
        }
    }

    func testHeaderLengthBeyondTheFileIsRefused() throws {
        assertRefused(try file("{}", claiming: 3), .headerBeyondFile(headerBytes: 3, fileBytes: 10))
    }

    func testHeaderThatIsNotJSONIsRefused() throws {
        for header in ["", "{", "weights", #"{"a":}"#, "{}{}", String(repeating: "[", count: 100_000)] {
            assertRefused(try file(header), .invalidJSON)
        }
    }

    func testNumberThatIsNoWholeOneOfTheMachineIsRefused() throws {
        for length in ["1.5", "99999999999999999999", "1e400"] {
            let path = try file(#"{"a":{"dtype":"F32","shape":[\#(length)],"data_offsets":[0,4]}}"#)
            assertRefused(path, .invalidJSON)
        }
    }

    func testHeaderThatIsNotUTF8IsRefused() throws {
        let path = path("bytes")
        try Data([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF, 0x7D]).write(to: URL(fileURLWithPath: path))
        assertRefused(path, .invalidJSON)
    }

    func testHeaderThatIsNoObjectIsRefused() throws {
        for header in ["[]", "3", "null", #""text""#] {
            assertRefused(try file(header), .headerNotAnObject)
        }
    }

    func testMissingFieldIsNamed() throws {
        assertRefused(
            try file(#"{"a":{"shape":[],"data_offsets":[0,4]}}"#), .missingField(tensor: "a", field: "dtype"))
        assertRefused(
            try file(#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#), .missingField(tensor: "a", field: "shape"))
        assertRefused(
            try file(#"{"a":{"dtype":"F32","shape":[]}}"#), .missingField(tensor: "a", field: "data_offsets"))
    }

    func testFieldOfAnotherKindIsNamed() throws {
        let wrong = [
            ("a", #"{"a":7}"#),
            ("a", #"{"a":null}"#),
            ("a.dtype", #"{"a":{"dtype":1,"shape":[],"data_offsets":[0,4]}}"#),
            ("a.shape", #"{"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}}"#),
            ("a.data_offsets", #"{"a":{"dtype":"F32","shape":[],"data_offsets":["0",4]}}"#),
            ("__metadata__.seed", #"{"__metadata__":{"seed":7}}"#),
        ]
        for (place, header) in wrong {
            guard case .wrongField(let found, _) = try problem(of: file(header)) else {
                XCTFail("\(header): \(try problem(of: file(header)))")
                continue
            }
            XCTAssertTrue(found.hasPrefix(place), "\(found) for \(header)")
        }
    }

    func testUnknownElementTypeIsRefused() throws {
        assertRefused(
            try file(#"{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"#, data: [0, 0]),
            .unknownElementType(tensor: "a", name: "F8_E4M3"))
    }

    func testShapeThatCannotBeCountedIsRefused() throws {
        assertRefused(
            try file(#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#),
            .impossibleShape(tensor: "a", shape: [4_294_967_296, 4_294_967_296]))
        assertRefused(
            try file(#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#),
            .impossibleShape(tensor: "a", shape: [1 << 62]))
        assertRefused(
            try file(#"{"a":{"dtype":"U8","shape":[-1,-1],"data_offsets":[0,1]}}"#, data: [0]),
            .impossibleShape(tensor: "a", shape: [-1, -1]))
    }

    func testShapeThatDisagreesWithTheOffsetsIsRefused() throws {
        assertRefused(
            try file(#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, data: [UInt8](repeating: 0, count: 8)),
            .wrongByteCount(tensor: "a", expected: 12, found: 8))
        // As large as the header wants: nothing of that size may be allocated.
        assertRefused(
            try file(#"{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,8]}}"#),
            .wrongByteCount(tensor: "a", expected: 4_000_000_000_000, found: 8))
    }

    func testOffsetsThatAreNoExtentAreRefused() throws {
        for offsets in [[8, 0], [-4, 0], [0], [], [0, 4, 8]] {
            assertRefused(
                try file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":\#(offsets)}}"#),
                .impossibleOffsets(tensor: "a", offsets: offsets))
        }
    }

    func testOffsetsBeyondTheFileAreRefused() throws {
        assertRefused(
            try file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: [0, 0, 0, 0, 0]),
            .dataBeyondFile(tensor: "a", end: 8, dataBytes: 5))
    }

    func testOverlappingTensorsAreRefused() throws {
        assertRefused(
            try file(
                #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
                data: [1, 2, 3, 4]),
            .overlap(tensor: "b"))
    }

    func testBytesBetweenTensorsAreRefused() throws {
        assertRefused(
            try file(
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
                data: [1, 2, 3, 4]),
            .gap(beforeTensor: "b", bytes: 1))
    }

    func testBytesBehindTheLastTensorAreRefused() throws {
        assertRefused(
            try file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [1, 2, 3]), .unclaimedBytes(2))
        assertRefused(try file("{}", data: [1]), .unclaimedBytes(1))
    }

    func testNameThatStandsTwiceInTheHeaderIsRefused() throws {
        let entry = #"{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#
        assertRefused(try file(#"{"a":\#(entry),"a":\#(entry)}"#, data: [1]), .duplicateName)
        assertRefused(try file(#"{"a":\#(entry),"\u0061":\#(entry)}"#, data: [1]), .duplicateName)
    }

    func testFileCutAnywhereIsRefused() throws {
        let whole = path("whole")
        var tensors = TensorFile(metadata: ["seed": "1"])
        tensors["a"] = StoredTensor([1, 2, 3] as [Float], shape: [3])
        try tensors.write(to: whole)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let cut = path("cut")
        for count in 0..<bytes.count {
            try bytes.prefix(count).write(to: URL(fileURLWithPath: cut))
            XCTAssertThrowsError(try TensorFile(contentsOf: cut), "\(count) of \(bytes.count) bytes")
        }
    }
}
