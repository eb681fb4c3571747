/// Named tensors and a few strings about them, as a file in the safetensors format holds them:
/// https://github.com/huggingface/safetensors#format
///
///     var file = TensorFile()
///     file["dense.bias"] = StoredTensor([0.5, 1.5] as [Float], shape: [2])
///     try file.write(to: "weights.safetensors")
///     let bias = try TensorFile(contentsOf: "weights.safetensors").floats(named: "dense.bias", shape: [2])
public struct TensorFile: Sendable {
    /// Strings about the file, such as the version that wrote it.
    public var metadata: [String: String]

    /// Where the tensors were read from; errors name it.
    public let path: String

    private var tensors: [String: StoredTensor]

    /// A file of no tensors, to be filled and written.
    public init(metadata: [String: String] = [:]) {
        self.init(path: "(unsaved tensors)", tensors: [:], metadata: metadata)
    }

    init(path: String, tensors: [String: StoredTensor], metadata: [String: String]) {
        self.path = path
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The names of all tensors, sorted.
    public var names: [String] { tensors.keys.sorted() }

    /// The tensor of that name; setting replaces it, or removes it with nil.
    public subscript(name: String) -> StoredTensor? {
        get { tensors[name] }
        set { tensors[name] = newValue }
    }

    /// The tensor of that name, or an error that says that the file has none.
    public func tensor(named name: String) throws(SafetensorsError) -> StoredTensor {
        guard let tensor = tensors[name] else {
            throw SafetensorsError(path: path, problem: .missingTensor(name))
        }
        return tensor
    }

    /// The elements of an F32 tensor. With a `shape`, another shape in the file is an error.
    public func floats(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [Float] {
        let tensor = try tensor(named: name, shape: shape)
        guard case .float32(let values) = tensor.elements else { throw wrongType(of: tensor, name, .float32) }
        return values
    }

    /// The elements of an F64 tensor. With a `shape`, another shape in the file is an error.
    public func doubles(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [Double] {
        let tensor = try tensor(named: name, shape: shape)
        guard case .float64(let values) = tensor.elements else { throw wrongType(of: tensor, name, .float64) }
        return values
    }

    /// The elements of an I64 tensor. With a `shape`, another shape in the file is an error.
    public func integers(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [Int64] {
        let tensor = try tensor(named: name, shape: shape)
        guard case .int64(let values) = tensor.elements else { throw wrongType(of: tensor, name, .int64) }
        return values
    }

    /// The elements of a U8 tensor. With a `shape`, another shape in the file is an error.
    public func bytes(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [UInt8] {
        let tensor = try tensor(named: name, shape: shape)
        guard case .uint8(let values) = tensor.elements else { throw wrongType(of: tensor, name, .uint8) }
        return values
    }

    func tensor(named name: String, shape: [Int]?) throws(SafetensorsError) -> StoredTensor {
        let tensor = try tensor(named: name)
        if let shape, shape != tensor.shape {
            throw SafetensorsError(
                path: path, problem: .wrongShape(tensor: name, expected: shape, found: tensor.shape))
        }
        return tensor
    }

    func wrongType(of tensor: StoredTensor, _ name: String, _ expected: ElementType) -> SafetensorsError {
        SafetensorsError(
            path: path, problem: .wrongElementType(tensor: name, expected: expected, found: tensor.elementType))
    }
}
