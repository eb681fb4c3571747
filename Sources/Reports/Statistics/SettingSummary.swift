/// One setting over its seeds: the mean error with its spread.
public struct SettingSummary: Codable, Equatable, Sendable {
    /// The setting.
    public let name: String
    /// Its trials.
    public let seeds: Int
    /// Wrong test images in percent; nil without trials.
    public let meanPercent: Double?
    /// The deviation over seeds in points, with divisor n − 1; nil with fewer than two seeds.
    public let deviation: Double?
    /// Student's 95% interval of the mean in percent; nil with fewer than two seeds.
    public let interval95: ClosedRange<Double>?

    /// - Throws: `StatisticsError` if a seed appears twice, or if trials were tested on different numbers of images.
    public init(name: String, errors: [SeedErrors]) throws {
        let errors = try SeedErrors.sorted(errors)
        let sample = CountSample(errors.map(\.wrongImages), testImages: errors.first?.testImages ?? 0)
        self.name = name
        seeds = errors.count
        meanPercent = sample.mean
        deviation = sample.deviation
        interval95 = sample.interval(level: 0.95)
    }
}
