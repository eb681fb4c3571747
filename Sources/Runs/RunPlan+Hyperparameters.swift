import TensorBoard

extension RunPlan {
    /// What runs are most often told apart by, named by the keys of the configuration. The number of ranks is none of it:
    /// it changes no result.
    var hyperparameters: [Hyperparameter] {
        get throws {
            let (training, dataset) = (configuration.training, configuration.dataset)
            return [
                Hyperparameter("normalization.norm", .text(norm)),
                Hyperparameter("normalization.statistics", .text(try settings.norm().statistics)),
                Hyperparameter("workers", .number(Double(workers))),
                Hyperparameter("training.batch", .number(Double(training.batch))),
                Hyperparameter("training.epochs", .number(Double(training.epochs))),
                Hyperparameter("training.optimiser", .text(training.optimiser)),
                Hyperparameter("training.learningRate", .number(training.learningRate)),
                Hyperparameter("evaluation.statistics", .text(configuration.evaluation.statistics.rawValue)),
                Hyperparameter("model.name", .text(configuration.model.name)),
                Hyperparameter("dataset.name", .text(dataset.name)),
                Hyperparameter("seed", .number(Double(configuration.seed))),
            ]
        }
    }
}
