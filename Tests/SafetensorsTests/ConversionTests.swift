import Safetensors
import TestSupport
import XCTest

/// Numbers of other types as the ones that are computed with; the values are those of IEEE 754's formats.
final class ConversionTests: FolderTestCase {
    /// Through a file and back.
    private func stored(_ tensor: StoredTensor) throws -> TensorFile {
        var file = TensorFile()
        file["a"] = tensor
        try file.write(to: path("file"))
        let read = try TensorFile(contentsOf: path("file"))
        XCTAssertEqual(try read.serialized(), try file.serialized())
        return read
    }

    private func floats(_ tensor: StoredTensor) throws -> [Float] {
        try stored(tensor).roundedFloats(named: "a", shape: tensor.shape)
    }

    func testNumbersOf16BitsAreExact() throws {
        let patterns: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555, 0x8000, 0x7c00]
        let values = try floats(StoredTensor(float16: patterns, shape: [7]))
        XCTAssertEqual(values, [1, -2, 65504, 0x1p-24, 0.333_251_953_125, 0, .infinity])
        XCTAssertEqual(values[5].sign, .minus)
        XCTAssertTrue(try floats(StoredTensor(float16: [0x7e00], shape: [1]))[0].isNaN)
    }

    func testBrainFloatsAreTheUpperHalvesOfNumbers() throws {
        let patterns: [UInt16] = [0x3f80, 0xc000, 0x4049, 0x0001, 0xff80]
        XCTAssertEqual(
            try floats(StoredTensor(bfloat16: patterns, shape: [5])), [1, -2, 3.140_625, 0x1p-133, -.infinity])
    }

    func testNumbersOf64BitsAreRoundedToTheNearestAndHalvesToEven() throws {
        let values = [1 + 0x1p-24, 1 + 0x1p-24 + 0x1p-40, 1 + 0x3p-24, -0.1, 1e300, 0x1p-151]
        XCTAssertEqual(
            try floats(StoredTensor(values, shape: [6])), [1, 1 + 0x1p-23, 1 + 0x1p-22, -0.1, .infinity, 0])
    }

    func testNumbersOf32BitsStayAsTheyAre() throws {
        XCTAssertEqual(try floats(StoredTensor([0.1, -3] as [Float], shape: [2])), [0.1, -3])
    }

    func testCountsOfEveryTypeAreWholeNumbers() throws {
        let types: [StoredTensor] = [
            StoredTensor([0, 200] as [Int64], shape: [2]), StoredTensor([0, 200] as [Int32], shape: [2]),
            StoredTensor([0, 200] as [UInt8], shape: [2]), StoredTensor([0, 200] as [Float], shape: [2]),
            StoredTensor([0.0, 200], shape: [2]), StoredTensor(float16: [0, 0x5a40], shape: [2]),
            StoredTensor(bfloat16: [0, 0x4348], shape: [2]),
        ]
        for tensor in types {
            XCTAssertEqual(try stored(tensor).wholeNumbers(named: "a"), [0, 200], "\(tensor.elementType)")
        }
    }

    func testWhatIsNoWholeNumberIsRefused() throws {
        for value in [1.5, .infinity, .nan, 1e19] {
            XCTAssertThrowsError(try stored(StoredTensor([value], shape: [1])).wholeNumbers(named: "a")) { error in
                XCTAssertEqual("\(error)", "\(path("file")): tensor a holds \(value), expected a whole number.")
            }
        }
    }

    func testIntegersAreNoWeights() throws {
        XCTAssertThrowsError(try floats(StoredTensor([1 as Int32], shape: [1]))) { error in
            XCTAssertEqual("\(error)", "\(path("file")): tensor a has elements of type I32, expected F32.")
        }
    }
}
