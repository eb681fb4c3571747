/// One trial of a study, as `results.csv` tells it.
public struct TrialRow: Equatable, Sendable {
    /// A key that the study varies, and its value in this trial.
    public struct AxisValue: Equatable, Sendable {
        /// The dotted key, such as `model.norm`.
        public let key: String
        /// The value as the configuration writes it.
        public let value: String

        /// A key and its value.
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
        /// It ended with an error.
        case failed
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

    /// What a finished trial came to.
    public struct Figures: Equatable, Sendable {
        /// Wrongly classified test images, and all of them.
        public let wrongImages: Int
        /// All test images.
        public let testImages: Int
        /// The mean loss over the test images; nil where the task has none.
        public let testLoss: Double?
        /// The mean loss over the training images of the last epoch.
        public let trainLoss: Double
        /// Seconds of training.
        public let seconds: Double
        /// SHA-256 over every parameter and state tensor.
        public let weightsSha256: String

        /// What a finished trial came to.
        public init(
            wrongImages: Int, testImages: Int, testLoss: Double?, trainLoss: Double, seconds: Double,
            weightsSha256: String
        ) {
            self.wrongImages = wrongImages
            self.testImages = testImages
            self.testLoss = testLoss
            self.trainLoss = trainLoss
            self.seconds = seconds
            self.weightsSha256 = weightsSha256
        }

        /// Wrong test images in percent; nil without test images.
        public var testErrorPercent: Double? {
            testImages > 0 ? 100 * Double(wrongImages) / Double(testImages) : nil
        }
    }

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
