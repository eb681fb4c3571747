import Reports

/// What can be wrong with a run folder.
package enum RunFolderError: Error, Equatable {
    case cannotCreate(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case noResult(path: String)
    case noRun(path: String)
    case comparison(path: String)
    case tooManyRanks(path: String, workers: Int, ranks: Int)
    case otherWeights(path: String)
    case otherConfiguration(path: String, found: String, wanted: String)
    case missing(path: String)
    case finished(path: String)
    case nothingToExport(path: String)
    case noMetrics(path: String)
    case noStatistics(path: String)
    case damaged(path: String)
    case otherFormat(path: String, found: Int, wanted: Int)
}

extension RunFolderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotCreate(let path, let reason):
            "\(path): the run folder can't be made (\(reason)); name another one with --out."
        case .unwritable(let path, let reason):
            "\(path): the run folder can't be written (\(reason)); name another one with --out."
        case .noResult(let path):
            "\(path): this is no folder of a finished run, which holds config.yaml, weights.safetensors and result.json."
        case .noRun(let path):
            "\(path): this is no folder of a run or comparison, which holds config.yaml; name one, for example runs/mine."
        case .comparison(let path):
            "\(path): this is the folder of a comparison; name one of its runs, for example \(path)/syncbn."
        case .tooManyRanks(let path, let workers, let ranks):
            "\(path): this run had \(counted(workers, "worker")), too few for \(ranks) ranks: "
                + "start at most \(workers) (mpirun -np \(workers))."
        case .missing(let path):
            "\(path): there is no such folder; name that of an interrupted run."
        case .finished(let path):
            "\(path): this run is finished; there is nothing to resume."
        case .nothingToExport(let path):
            "\(path): this is neither the folder of a finished run nor one with a checkpoint."
        case .noMetrics(let path):
            "\(path): the file can't be read, and nothing else tells how many steps the run had; put it back."
        case .noStatistics(let path):
            "\(path): the statistics 'batch' are those of each batch of test images, and leave none to write: "
                + "choose --evaluate pooled, worker0, precise or layerwise."
        case .damaged(let path):
            "\(path): the file does not tell what the folder holds; remove it together with what was begun there."
        case .otherFormat(let path, let found, let wanted):
            "\(path): the file has format \(found), but this normtrain reads format \(wanted): use the one that wrote it."
        case .otherConfiguration(let path, let found, let wanted):
            "\(path): this run was begun with '\(found)', but the comparison's config.yaml has '\(wanted)': "
                + "put that back, or remove the folder to train the variant anew."
        case .otherWeights(let path):
            "\(path): these are not the weights that the run wrote, by the SHA-256 in its result.json; "
                + "put the right file back or train again."
        }
    }
}
