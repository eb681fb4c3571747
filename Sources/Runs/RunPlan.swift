import Catalogues
import Datasets
import MPI
import Settings
import Tasks
import Training

/// One run of a configuration: with one norm, on so many workers.
package struct RunPlan {
    /// The configuration, with the norm and the number of workers filled in.
    package let configuration: Configuration

    /// - Parameter configuration: validated.
    package init(_ configuration: Configuration, norm: String, ranks: Int) {
        var resolved = configuration.resolved(ranks: ranks)
        resolved.normalization.norm = norm
        self.configuration = resolved
        workers = configuration.workerCount(ranks: ranks)
    }

    /// Logical devices.
    package let workers: Int

    /// The norm's name.
    package var norm: String { configuration.normalization.norm }

    /// What the configuration decides about the task.
    package var settings: TaskSettings {
        TaskSettings(
            seed: UInt64(configuration.seed), workers: workers, dataset: configuration.dataset,
            model: configuration.model, normalization: configuration.normalization, training: configuration.training,
            evaluation: configuration.evaluation)
    }

    /// The task of that name in the catalogue, on the ranks of a communicator.
    ///
    /// - Parameter recorder: takes the time of the steps; nil: nobody asked.
    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall`.
    package func task(
        _ name: String, _ dataset: Dataset, on communicator: Communicator, recorder: ProfileRecorder?
    ) throws -> any TrainingTask {
        let context = TaskContext(settings, dataset: dataset, communicator: communicator, recorder: recorder)
        return try TrainingTasks.catalogue.make(name, of: context, for: "task")
    }

    /// Training a classifier on a data set, on the ranks of a communicator.
    ///
    /// - Parameter recorder: takes the time of the steps; nil: nobody asked.
    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall`.
    package func classification(
        _ dataset: Dataset, on communicator: Communicator, recorder: ProfileRecorder? = nil
    ) throws -> Classification {
        try Classification(TaskContext(settings, dataset: dataset, communicator: communicator, recorder: recorder))
    }
}
