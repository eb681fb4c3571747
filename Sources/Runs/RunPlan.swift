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
            evaluation: configuration.evaluation, contrastive: configuration.contrastive)
    }

    /// What is trained, on the ranks of a communicator.
    ///
    /// - Parameter recorder: takes the time of the steps; nil: nobody asked.
    /// - Throws: `UnusableSetting`; `TrainingError.imagesTooSmall` or `singleValue`.
    package func task(
        _ dataset: Dataset, on communicator: Communicator, recorder: ProfileRecorder? = nil
    ) throws -> any ImageTask {
        try configuration.taskType.init(
            TaskContext(settings, dataset: dataset, communicator: communicator, recorder: recorder))
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

extension Configuration {
    /// The kind of task that it names.
    ///
    /// - Throws: `UnusableSetting` when there is none of that name.
    package var taskType: any ImageTask.Type {
        get throws { try TrainingTasks.catalogue.make(task, of: (), for: "task") }
    }
}
