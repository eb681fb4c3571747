/// One trial of a study, as `results.csv` tells it.
public struct TrialRow: Equatable, Sendable {
    /// An axis of the study, and the label of the trial's level on it.
    public struct AxisValue: Equatable, Sendable {
        /// The axis, such as `norm`.
        public let key: String
        /// The level, such as `bn`.
        public let value: String

        /// An axis and a level of it.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// How far a trial has come.
    public enum Status: String, Sendable {
        /// Not begun.
        case waiting
        /// Begun, and neither finished nor failed.
        case running
        /// It has all its figures.
        case finished
        /// The training went astray.
        case diverged
        /// It ended with another error.
        case failed
    }

    /// What a finished trial came to. There are no times among it: it is the same wherever the trial was trained.
    public struct Figures: Equatable, Sendable {
        /// By the names that the task gives: `wrong_test_images`, for example.
        public let scores: [String: Double]
        /// The mean loss over the training images of the last epoch.
        public let trainLoss: Double
        /// SHA-256 over every parameter and state tensor.
        public let weightsSha256: String

        /// What a finished trial came to.
        public init(scores: [String: Double], trainLoss: Double, weightsSha256: String) {
            self.scores = scores
            self.trainLoss = trainLoss
            self.weightsSha256 = weightsSha256
        }
    }

    /// Its id.
    public let trial: String
    /// In the order of the study's axes.
    public let axes: [AxisValue]
    /// The seed.
    public let seed: Int
    /// How far it has come; unless it is finished, there are no figures.
    public let status: Status
    /// What it came to; nil unless it is finished.
    public let figures: Figures?

    /// A finished trial.
    public init(trial: String, axes: [AxisValue], seed: Int, figures: Figures) {
        self.trial = trial
        self.axes = axes
        self.seed = seed
        status = .finished
        self.figures = figures
    }

    /// A trial that has no figures.
    ///
    /// - Parameter status: any but `finished`.
    public init(trial: String, axes: [AxisValue], seed: Int, without status: Status) {
        precondition(status != .finished, "a finished trial has figures")
        self.trial = trial
        self.axes = axes
        self.seed = seed
        self.status = status
        figures = nil
    }
}
