import Datasets
import OneDNN
import Training

extension Configuration {
    /// What a run is started for; it decides which norms are trained.
    public enum Command: String, Sendable {
        /// One variant: `normalization.norm`.
        case train
        /// One variant for each of `compare.norms`.
        case compare
    }

    /// A norm, named as on the command line.
    public enum Norm: String, CaseIterable, ConfigurationText {
        /// Batch norm over the group that `normalization.statistics` names.
        case batchNorm = "batch"
        /// Batch norm with statistics of each worker's own batch, unless `normalization.statistics` says otherwise.
        case perWorkerBatchNorm = "bn"
        /// Batch norm with statistics of the global batch.
        case synchronizedBatchNorm = "syncbn"
        /// Group norm.
        case groupNorm = "gn"
        /// Layer norm.
        case layerNorm = "ln"
        /// Instance norm.
        case instanceNorm = "in"
        /// No normalisation.
        case identity = "none"
    }

    /// The vector instructions that oneDNN computes with.
    public enum InstructionSetChoice: String, CaseIterable, ConfigurationText {
        /// The best that the CPU has; all hosts of a run need the same.
        case native
        /// AVX2 with FMA.
        case avx2
        /// AVX-512 F, CD, BW, VL and DQ.
        case avx512
    }

    /// A network.
    public enum ModelName: String, CaseIterable, ConfigurationText {
        /// The convolutional network with five convolutions.
        case cnn
    }

    /// A data set of the catalogue.
    public struct DatasetName: ConfigurationText {
        /// Its name in the catalogue.
        public let rawValue: String

        static let digits = DatasetName(known: "digits")
        static let fashionMNIST = DatasetName(known: "fashion-mnist")
        static var choices: [String] { Dataset.catalogue.map(\.name) }

        /// The data set of that name; nil if the catalogue has none.
        public init?(rawValue: String) {
            guard Self.choices.contains(rawValue) else { return nil }
            self.init(known: rawValue)
        }

        private init(known name: String) {
            rawValue = name
        }
    }

    /// How the learning rate changes over the run.
    public enum Schedule: String, CaseIterable, ConfigurationText {
        /// Half a cosine from the full rate to 0.
        case cosine
        /// A factor at given epochs.
        case step
        /// The full rate throughout.
        case constant
    }

    /// How statistics and gradients are added up over the ranks.
    public enum Reduction: String, CaseIterable, ConfigurationText {
        /// As integers: the same bits on any number of ranks.
        case exact
        /// In floating point by MPI: fewer bytes, but the last bits depend on the number of ranks.
        case float
    }

    /// The norms that `command` trains, in order.
    public func norms(of command: Command) -> [Norm] {
        switch command {
        case .train: [normalization.norm]
        case .compare: compare.norms
        }
    }
}

extension ConvolutionChoice: ConfigurationText {}

extension EvaluationStatistics: ConfigurationText {}
