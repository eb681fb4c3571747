/// What is wrong with the content of a file of tensors, and with which file.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let problem: Problem

    /// One sentence that names the file.
    public var description: String { "\(path): \(problem.sentence)." }

    /// Everything that can be wrong with a file of tensors.
    public enum Problem: Error, Equatable {
        /// The file has not even the eight bytes of the header's length.
        case shorterThanItsHeaderLength(fileBytes: Int)
        /// A file of torch.save.
        case pickle
        /// The header's length is above the format's limit.
        case headerTooLong(headerBytes: UInt64)
        /// The header ends behind the file.
        case headerBeyondFile(headerBytes: Int, fileBytes: Int)
        /// The header is not JSON, or has a number in it that is no whole one of 64 bits.
        case invalidJSON
        /// The header is JSON, but not an object.
        case headerNotAnObject
        /// Two tensors of the header have the same name.
        case duplicateName
        /// A tensor lacks `dtype`, `shape` or `data_offsets`.
        case missingField(tensor: String, field: String)
        /// A field holds something of another kind.
        case wrongField(place: String, reason: String)
        /// The element type is none of `ElementType`.
        case unknownElementType(tensor: String, name: String)
        /// A dimension is negative, or the elements are too many to count.
        case impossibleShape(tensor: String, shape: [Int])
        /// The offsets are not a start and an end behind it.
        case impossibleOffsets(tensor: String, offsets: [Int])
        /// Shape and element type ask for another number of bytes than the offsets give.
        case wrongByteCount(tensor: String, expected: Int, found: Int)
        /// The tensor ends behind the file.
        case dataBeyondFile(tensor: String, end: Int, dataBytes: Int)
        /// The tensor starts inside another one.
        case overlap(tensor: String)
        /// Bytes before this tensor belong to none.
        case gap(beforeTensor: String, bytes: Int)
        /// Bytes at the end of the file belong to no tensor.
        case unclaimedBytes(Int)
        /// No tensor has that name.
        case missingTensor(String)
        /// The tensor's elements are of another type than asked for.
        case wrongElementType(tensor: String, expected: ElementType, found: ElementType)
        /// The tensor has another shape than asked for.
        case wrongShape(tensor: String, expected: [Int], found: [Int])
        /// The value is no whole number, but a count is one.
        case notWhole(tensor: String, value: String)
        /// The format keeps this name for itself.
        case reservedName(String)
    }
}

extension SafetensorsError.Problem {
    fileprivate var sentence: String {
        switch self {
        case .shorterThanItsHeaderLength(let fileBytes):
            "the file is truncated or not safetensors: it has \(fileBytes) bytes, fewer than the 8 of a header length"
        case .pickle:
            "this is a file of torch.save: write one with safetensors.torch.save_file(network.state_dict(), …)"
        case .headerTooLong(let headerBytes):
            "the file is corrupt or not safetensors: its header claims \(headerBytes) bytes, "
                + "the format allows \(Header.byteLimit)"
        case .headerBeyondFile(let headerBytes, let fileBytes):
            "the file is truncated: its header claims \(headerBytes) bytes, the whole file has \(fileBytes)"
        case .invalidJSON:
            "the file is corrupt or not safetensors: its header is not valid JSON with whole numbers"
        case .headerNotAnObject:
            "the header is JSON but not an object of tensors"
        case .duplicateName:
            "two tensors of the header have the same name"
        case .missingField(let tensor, let field):
            "tensor \(tensor) lacks the field \(field)"
        case .wrongField(let place, let reason):
            "the header's field \(place) can't be used (\(reason))"
        case .unknownElementType(let tensor, let name):
            "tensor \(tensor) has elements of type \(name), but only "
                + "\(ElementType.allCases.map(\.rawValue).joined(separator: ", ")) can be read"
        case .impossibleShape(let tensor, let shape):
            "tensor \(tensor) has the impossible shape \(shape)"
        case .impossibleOffsets(let tensor, let offsets):
            "tensor \(tensor) has the offsets \(offsets), which are not a start and an end behind it"
        case .wrongByteCount(let tensor, let expected, let found):
            "the shape of tensor \(tensor) asks for \(expected) bytes, its offsets give \(found)"
        case .dataBeyondFile(let tensor, let end, let dataBytes):
            "the file is truncated: tensor \(tensor) ends at byte \(end) of data that has \(dataBytes)"
        case .overlap(let tensor):
            "tensor \(tensor) starts inside another one"
        case .gap(let tensor, let bytes):
            "\(bytes) bytes before tensor \(tensor) belong to no tensor"
        case .unclaimedBytes(let bytes):
            "\(bytes) bytes at the end belong to no tensor"
        case .missingTensor(let name):
            "there is no tensor \(name) in it, as in a file of another model"
        case .wrongElementType(let tensor, let expected, let found):
            "tensor \(tensor) has elements of type \(found.rawValue), expected \(expected.rawValue)"
        case .wrongShape(let tensor, let expected, let found):
            "tensor \(tensor) has shape \(found), expected \(expected), as in a file of another model"
        case .notWhole(let tensor, let value):
            "tensor \(tensor) holds \(value), expected a whole number"
        case .reservedName(let name):
            "no tensor can be named \(name), the format uses that name itself"
        }
    }
}
