import Normalization

extension RunningMomentum: RawRepresentable, Codable, ConfigurationText {
    static let choices: [String] = []
    static let expectation = "a number or 'cumulative'"

    /// Reads a number or `cumulative`; nil when it is neither. The range is not checked.
    public init?(rawValue: String) {
        if rawValue == "cumulative" {
            self = .cumulative
        } else if let momentum = Double(rawValue) {
            self = .exponential(momentum)
        } else {
            return nil
        }
    }

    /// The form that a configuration file and the command line use.
    public var rawValue: String {
        switch self {
        case .exponential(let momentum): momentum.shortText
        case .cumulative: "cumulative"
        }
    }
}
