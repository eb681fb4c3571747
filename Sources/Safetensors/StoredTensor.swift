/// The element types that this product reads and writes, by their names in the format.
public enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case uint8 = "U8"

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16: 2
        case .uint8: 1
        }
    }
}

/// An array with a shape, as a file holds it: the last dimension varies fastest.
public struct StoredTensor: Sendable, Equatable {
    /// The elements, in one array of their own type.
    public enum Elements: Sendable, Equatable {
        case float32([Float])
        case float64([Double])
        /// By the bit patterns of IEEE 754's numbers of 16 bits.
        case float16([UInt16])
        /// The upper halves of the bit patterns of single-precision numbers.
        case bfloat16([UInt16])
        case int64([Int64])
        case int32([Int32])
        case uint8([UInt8])
    }

    /// Length of each dimension; empty for a single number.
    public let shape: [Int]
    /// As many elements as the product of `shape`.
    public let elements: Elements

    /// Single-precision numbers; their count must be the product of `shape`.
    public init(_ values: [Float], shape: [Int]) {
        self.init(.float32(values), count: values.count, shape: shape)
    }

    /// Double-precision numbers; their count must be the product of `shape`.
    public init(_ values: [Double], shape: [Int]) {
        self.init(.float64(values), count: values.count, shape: shape)
    }

    /// Whole numbers; their count must be the product of `shape`.
    public init(_ values: [Int64], shape: [Int]) {
        self.init(.int64(values), count: values.count, shape: shape)
    }

    /// Whole numbers of 32 bits; their count must be the product of `shape`.
    public init(_ values: [Int32], shape: [Int]) {
        self.init(.int32(values), count: values.count, shape: shape)
    }

    /// The bit patterns of IEEE 754's numbers of 16 bits; their count must be the product of `shape`.
    public init(float16 patterns: [UInt16], shape: [Int]) {
        self.init(.float16(patterns), count: patterns.count, shape: shape)
    }

    /// The upper halves of the bit patterns of single-precision numbers; their count must be the product of `shape`.
    public init(bfloat16 patterns: [UInt16], shape: [Int]) {
        self.init(.bfloat16(patterns), count: patterns.count, shape: shape)
    }

    /// Bytes; their count must be the product of `shape`.
    public init(_ values: [UInt8], shape: [Int]) {
        self.init(.uint8(values), count: values.count, shape: shape)
    }

    private init(_ elements: Elements, count: Int, shape: [Int]) {
        precondition(
            shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count, "\(count) elements do not fill shape \(shape)")
        self.shape = shape
        self.elements = elements
    }

    /// The type of the elements.
    public var elementType: ElementType {
        switch elements {
        case .float32: .float32
        case .float64: .float64
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int64: .int64
        case .int32: .int32
        case .uint8: .uint8
        }
    }
}

// The format is little-endian, and so is every machine that this product runs on: bytes are copied as they are.
extension StoredTensor {
    /// `bytes`: exactly the elements that `shape` asks for.
    init(_ type: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer) {
        switch type {
        case .float32: self.init(Self.array(copying: bytes, of: Float.self), shape: shape)
        case .float64: self.init(Self.array(copying: bytes, of: Double.self), shape: shape)
        case .float16: self.init(float16: Self.array(copying: bytes, of: UInt16.self), shape: shape)
        case .bfloat16: self.init(bfloat16: Self.array(copying: bytes, of: UInt16.self), shape: shape)
        case .int64: self.init(Self.array(copying: bytes, of: Int64.self), shape: shape)
        case .int32: self.init(Self.array(copying: bytes, of: Int32.self), shape: shape)
        case .uint8: self.init(Self.array(copying: bytes, of: UInt8.self), shape: shape)
        }
    }

    private static func array<Element: BitwiseCopyable>(
        copying bytes: UnsafeRawBufferPointer, of type: Element.Type
    ) -> [Element] {
        let count = bytes.count / MemoryLayout<Element>.size
        return [Element](unsafeUninitializedCapacity: count) { destination, initializedCount in
            UnsafeMutableRawBufferPointer(destination).copyMemory(from: bytes)
            initializedCount = count
        }
    }

    /// Adds the elements to bytes as a file holds them: little-endian.
    public func append(to bytes: inout [UInt8]) {
        switch elements {
        case .float32(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .float64(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .float16(let values), .bfloat16(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .int64(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .int32(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .uint8(let values): bytes.append(contentsOf: values)
        }
    }
}
