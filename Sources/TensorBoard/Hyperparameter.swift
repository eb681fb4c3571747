import SwiftProtobuf

/// A setting of a run: a column of TensorBoard's table of hyperparameters.
public struct Hyperparameter: Equatable, Sendable {
    /// What it is set to.
    public enum Value: Equatable, Sendable {
        /// A finite number.
        case number(Double)
        /// A text.
        case text(String)
        /// A truth value.
        case flag(Bool)
    }

    /// What the column is called.
    public let name: String
    /// What it is set to.
    public let value: Value

    /// A setting.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// A setting as it stands in a configuration: a number or a truth value where it reads as one.
    public init(_ name: String, written text: String) {
        self.name = name
        if let flag = Bool(text) {
            value = .flag(flag)
        } else if let number = Double(text), number.isFinite {
            value = .number(number)
        } else {
            value = .text(text)
        }
    }
}

/// What the hparams plugin reads, under tags of its own.
extension SummaryValue {
    /// What a run is begun with.
    ///
    /// - Parameters:
    ///   - group: runs of one group are one row of the table, which shows the means of their metrics; empty: a row of its own.
    ///   - startSeconds: the moment, in seconds since 1970.
    public static func sessionStart(
        _ settings: [Hyperparameter], group: String = "", startSeconds: Double
    ) throws -> SummaryValue {
        var start = Tensorboard_Hparams_SessionStartInfo()
        for setting in settings { start.hparams[setting.name] = setting.value.message }
        start.groupName = group
        start.startTimeSecs = startSeconds
        return try hyperparameters("session_start_info", .sessionStartInfo(start))
    }

    /// Which columns the table has, in their order: the settings of a run, and the tags of those of its scalars whose last
    /// values are its metrics.
    public static func experiment(_ settings: [Hyperparameter], metrics: [String]) throws -> SummaryValue {
        var experiment = Tensorboard_Hparams_Experiment()
        experiment.hparamInfos = settings.map { setting in
            var info = Tensorboard_Hparams_HParamInfo()
            info.name = setting.name
            info.type = setting.value.type
            return info
        }
        experiment.metricInfos = metrics.map { tag in
            var info = Tensorboard_Hparams_MetricInfo()
            info.name.tag = tag
            return info
        }
        return try hyperparameters("experiment", .experiment(experiment))
    }

    /// How a run ended.
    ///
    /// - Parameter endSeconds: the moment, in seconds since 1970.
    public static func sessionEnd(succeeded: Bool, endSeconds: Double) throws -> SummaryValue {
        var end = Tensorboard_Hparams_SessionEndInfo()
        end.status = succeeded ? .success : .failure
        end.endTimeSecs = endSeconds
        return try hyperparameters("session_end_info", .sessionEndInfo(end))
    }

    /// The data is the metadata; the value itself is not looked at.
    private static func hyperparameters(
        _ tag: String, _ data: Tensorboard_Hparams_HParamsPluginData.OneOf_Data
    ) throws -> SummaryValue {
        var content = Tensorboard_Hparams_HParamsPluginData()
        content.data = data
        return SummaryValue(
            "_hparams_/\(tag)", plugin: "hparams", .tensor, .floats([0], shape: [1]), content: try content.bytes)
    }
}

extension Hyperparameter.Value {
    fileprivate var message: Google_Protobuf_Value {
        switch self {
        case .number(let number): Google_Protobuf_Value(numberValue: number)
        case .text(let text): Google_Protobuf_Value(stringValue: text)
        case .flag(let flag): Google_Protobuf_Value(boolValue: flag)
        }
    }

    fileprivate var type: Tensorboard_Hparams_DataType {
        switch self {
        case .number: .float64
        case .text: .string
        case .flag: .bool
        }
    }
}
