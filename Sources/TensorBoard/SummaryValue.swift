import Foundation

/// What TensorBoard shows of one step under one tag. Tags with the same first part, up to a slash, stand together.
public struct SummaryValue {
    let message: Tensorboard_Summary.Value

    init(
        _ tag: String, plugin: String, _ dataClass: Tensorboard_DataClass, _ tensor: Tensorboard_TensorProto,
        content: [UInt8] = []
    ) {
        var value = Tensorboard_Summary.Value()
        value.tag = tag
        value.tensor = tensor
        value.metadata.pluginData.pluginName = plugin
        value.metadata.pluginData.content = Data(content)
        value.metadata.dataClass = dataClass
        message = value
    }

    /// A point of a curve, in single precision: TensorBoard's data server passes over all others.
    public static func scalar(_ tag: String, _ value: Double) -> SummaryValue {
        SummaryValue(tag, plugin: "scalars", .scalar, .floats([Float(value)], shape: []))
    }

    /// How values are distributed.
    public static func histogram(_ tag: String, of values: some Sequence<Double>) -> SummaryValue {
        let buckets = Histogram(of: values).buckets
        var tensor = Tensorboard_TensorProto(.dtDouble, shape: [buckets.count, 3])
        let cells = buckets.flatMap { [$0.left, $0.right, Double($0.count)] }
        tensor.tensorContent = Data(cells.flatMap { littleEndianBytes(of: $0.bitPattern) })
        return SummaryValue(tag, plugin: "histograms", .tensor, tensor)
    }

    /// A text in Markdown.
    public static func text(_ tag: String, markdown: String) -> SummaryValue {
        SummaryValue(tag, plugin: "text", .tensor, .strings([Data(markdown.utf8)], shape: []))
    }

    /// A text to be shown as it is, line by line, in letters of one width.
    public static func text(_ tag: String, verbatim: String) -> SummaryValue {
        let lines = verbatim.split(separator: "\n", omittingEmptySubsequences: false)
        return .text(tag, markdown: lines.map { "    \($0)" }.joined(separator: "\n"))
    }

    /// Images of one size.
    ///
    /// - Parameter files: PNG files.
    public static func images(_ tag: String, width: Int, height: Int, files: [[UInt8]]) -> SummaryValue {
        let strings = [Data("\(width)".utf8), Data("\(height)".utf8)] + files.map { Data($0) }
        return SummaryValue(tag, plugin: "images", .blobSequence, .strings(strings, shape: [strings.count]))
    }
}

extension Tensorboard_TensorProto {
    init(_ type: Tensorboard_DataType, shape: [Int]) {
        self.init()
        dtype = type
        tensorShape.dim = shape.map { extent in
            var dimension = Tensorboard_TensorShapeProto.Dim()
            dimension.size = Int64(extent)
            return dimension
        }
    }

    static func floats(_ values: [Float], shape: [Int]) -> Tensorboard_TensorProto {
        var tensor = Tensorboard_TensorProto(.dtFloat, shape: shape)
        tensor.floatVal = values
        return tensor
    }

    static func strings(_ values: [Data], shape: [Int]) -> Tensorboard_TensorProto {
        var tensor = Tensorboard_TensorProto(.dtString, shape: shape)
        tensor.stringVal = values
        return tensor
    }
}
