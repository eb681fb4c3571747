/// Numbers of other types than the ones that this program writes, as other programs save them.
extension TensorFile {
    /// The elements of a tensor of floating-point numbers of any type, F64 rounded to the nearest (beyond all `Float`:
    /// infinite) and the others exactly. With a `shape`, another shape in the file is an error.
    public func roundedFloats(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [Float] {
        let tensor = try tensor(named: name, shape: shape)
        switch tensor.elements {
        case .float32(let values): return values
        case .float64(let values): return values.map { Float($0) }
        case .float16(let patterns): return patterns.map { Float(Float16(bitPattern: $0)) }
        case .bfloat16(let patterns): return patterns.map { Float(bitPattern: UInt32($0) << 16) }
        case .int64, .int32, .uint8: throw wrongType(of: tensor, name, .float32)
        }
    }

    /// The elements of a tensor of whole numbers of any type, floating-point ones too: programs that change the type of
    /// weights change that of counts beside them. With a `shape`, another shape in the file is an error, and so is a value
    /// that is no whole number of 64 bits.
    public func wholeNumbers(named name: String, shape: [Int]? = nil) throws(SafetensorsError) -> [Int64] {
        let tensor = try tensor(named: name, shape: shape)
        switch tensor.elements {
        case .int64(let values): return values
        case .int32(let values): return values.map { Int64($0) }
        case .uint8(let values): return values.map { Int64($0) }
        case .float64(let values): return try whole(values, name)
        case .float32, .float16, .bfloat16: return try whole(roundedFloats(named: name), name)
        }
    }

    private func whole(_ values: [some BinaryFloatingPoint], _ name: String) throws(SafetensorsError) -> [Int64] {
        var numbers: [Int64] = []
        for value in values {
            guard let number = Int64(exactly: value) else {
                throw SafetensorsError(path: path, problem: .notWhole(tensor: name, value: "\(value)"))
            }
            numbers.append(number)
        }
        return numbers
    }
}
