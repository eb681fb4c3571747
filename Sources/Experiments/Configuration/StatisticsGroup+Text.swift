import Normalization

extension StatisticsGroup: Codable {}

extension StatisticsGroup: ConfigurationText {
    static let choices = ["ghost:n", "worker", "workers:k", "world"]
}
