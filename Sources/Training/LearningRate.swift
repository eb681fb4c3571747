import Catalogues
import Kernels

/// The learning rate of each step: a linear rise, and then what a schedule of the catalogue makes of it.
public struct LearningRate: Sendable {
    /// How far a run is, after the rise.
    public struct Progress: Sendable {
        /// From 0 at the end of the rise to 1 at the end of the run.
        public let share: Double
        /// Epochs that are done.
        public let epoch: Int
    }

    /// The factor of the rate at a point of the run.
    public typealias Schedule = @Sendable (Progress) -> Double

    /// The rate after the rise.
    public let peak: Double
    /// How it goes on.
    public let schedule: Schedule
    /// Steps over which the rate rises linearly (Goyal et al. 2017, section 2.2).
    public let warmUpSteps: Int
    /// Steps of an epoch.
    public let stepsPerEpoch: Int
    /// Steps of the run.
    public let totalSteps: Int
    /// What the rate of the last step of each epoch is multiplied by.
    public let lastStepFactor: Double

    /// - Parameters:
    ///   - peak: the rate after the rise.
    ///   - schedule: how it goes on.
    ///   - warmUpEpochs: may be a fraction; rounded to whole steps.
    ///   - stepsPerEpoch: steps of an epoch.
    ///   - epochs: of the run.
    ///   - lastStepFactor: what the rate of the last step of each epoch, which may have fewer images, is multiplied by.
    public init(
        peak: Double, schedule: @escaping Schedule, warmUpEpochs: Double = 0, stepsPerEpoch: Int, epochs: Int,
        lastStepFactor: Double = 1
    ) {
        self.lastStepFactor = lastStepFactor
        self.peak = peak
        self.schedule = schedule
        warmUpSteps = Int((warmUpEpochs * Double(stepsPerEpoch)).rounded())
        self.stepsPerEpoch = stepsPerEpoch
        totalSteps = stepsPerEpoch * epochs
    }

    /// The rate of a step, counted from 0.
    public func rate(atStep step: Int) -> Double {
        let isLastOfEpoch = step % stepsPerEpoch == stepsPerEpoch - 1
        return rateOfWholeStep(step) * (isLastOfEpoch ? lastStepFactor : 1)
    }

    private func rateOfWholeStep(_ step: Int) -> Double {
        if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
        let share = Double(step - warmUpSteps) / Double(max(1, totalSteps - warmUpSteps))
        return peak * schedule(Progress(share: min(share, 1), epoch: step / stepsPerEpoch))
    }
}

/// Ways in which the learning rate goes down.
public enum Schedules {
    /// All schedules, in the order in which they are shown.
    public static let catalogue: [Definition<TrainingSettings, LearningRate.Schedule>] = [cosine, step, constant]

    /// Loshchilov and Hutter 2017, equation 5, without restarts.
    private static let cosine = Definition<TrainingSettings, LearningRate.Schedule>(
        "cosine", "half a cosine, from the full rate to 0"
    ) { _ in { (1 + Kernels.cosine(ofHalfTurns: $0.share)) / 2 } }

    private static let step = Definition<TrainingSettings, LearningRate.Schedule>(
        "step", "a factor at the start of given epochs"
    ) { settings in
        { progress in power(settings.stepFactor, settings.stepEpochs.count { $0 <= progress.epoch }) }
    }

    private static let constant = Definition<TrainingSettings, LearningRate.Schedule>(
        "constant", "the full rate throughout"
    ) { _ in { _ in 1 } }
}
