import Foundation

/// The learning rate of each step.
public struct LearningRateSchedule: Sendable {
    /// How the rate goes down after the warm-up.
    public enum Decay: Hashable, Sendable {
        /// It doesn't.
        case constant
        /// Half a cosine, from the peak to zero at the end (Loshchilov and Hutter 2017, equation 5, without restarts).
        case cosine
        /// Multiplied by `factor` at the start of each of these epochs, counted from 0.
        case steps(epochs: [Int], factor: Double)
    }

    /// The rate after the warm-up.
    public let peak: Double
    /// How the rate goes down.
    public let decay: Decay
    /// Steps over which the rate rises linearly (Goyal et al. 2017, section 2.2).
    public let warmUpSteps: Int
    /// Steps of an epoch.
    public let stepsPerEpoch: Int
    /// Steps of the run.
    public let totalSteps: Int

    /// - Parameter warmUpEpochs: may be a fraction; rounded to whole steps.
    public init(peak: Double, decay: Decay, warmUpEpochs: Double, stepsPerEpoch: Int, epochs: Int) {
        self.peak = peak
        self.decay = decay
        warmUpSteps = Int((warmUpEpochs * Double(stepsPerEpoch)).rounded())
        self.stepsPerEpoch = stepsPerEpoch
        totalSteps = stepsPerEpoch * epochs
    }

    /// The rate of a step, counted from 0.
    public func rate(atStep step: Int) -> Double {
        if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
        switch decay {
        case .constant:
            return peak
        case .cosine:
            let progress = Double(step - warmUpSteps) / Double(max(1, totalSteps - warmUpSteps))
            return peak * (1 + cos(.pi * progress)) / 2
        case .steps(let epochs, let factor):
            let passed = epochs.filter { $0 <= step / stepsPerEpoch }.count
            return peak * pow(factor, Double(passed))
        }
    }
}
