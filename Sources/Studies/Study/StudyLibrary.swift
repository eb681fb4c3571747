import Reports
import Settings

/// The studies that come with the program, from `configs/studies`.
public enum StudyLibrary {
    /// Their names and files, in the order in which they are listed.
    static let files: [(name: String, bytes: [UInt8])] = [
        ("batch-size", PackageResources.batch_size_yaml), ("groups", PackageResources.groups_yaml),
        ("statistics-group", PackageResources.statistics_group_yaml),
        ("skewed-shards", PackageResources.skewed_shards_yaml), ("evaluation", PackageResources.evaluation_yaml),
        ("feature-scale", PackageResources.feature_scale_yaml),
        ("class-coherent", PackageResources.class_coherent_yaml), ("fine-tuning", PackageResources.fine_tuning_yaml),
        ("contrastive", PackageResources.contrastive_yaml),
        ("resnet20-cifar10", PackageResources.resnet20_cifar10_yaml),
    ]

    /// The names.
    public static var names: [String] { files.map(\.name) }

    /// The text of a study's file; nil when there is none of that name.
    public static func text(of name: String) -> String? {
        files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// An example with comments, which trains for seconds.
    public static var example: String { String(decoding: PackageResources.example_yaml, as: UTF8.self) }

    /// The names, each with what the study asks.
    ///
    /// - Throws: `ConfigurationError`.
    public static func table() throws -> String {
        let indent = (names.map(\.count).max() ?? 0) + 2
        return try files.map { name, bytes in
            let file = try StudyFile(path: "\(name).yaml", text: String(decoding: bytes, as: UTF8.self))
            let lines = wrapped(try file.design().question, columns: 100 - indent).split(separator: "\n")
            return lines.enumerated().map { number, line in
                let title = number == 0 ? name : ""
                return title + String(repeating: " ", count: indent - title.count) + line
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
