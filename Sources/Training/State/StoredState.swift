import Autograd
import MPI
import Safetensors
import Workers

extension TensorFile {
    /// Stores what training changes.
    mutating func store(_ parameters: [Parameter]) {
        for parameter in parameters {
            self[parameter.name] = StoredTensor(parameter.tensor.array, shape: parameter.tensor.shape)
        }
    }

    /// Stores what a run keeps, the rows of all ranks; all of them take part.
    mutating func store(_ state: [StateTensor], workers: Int, communicator: Communicator) throws {
        for tensor in state {
            let rows = try tensor.ownedRows(communicator, workers: workers)
            switch tensor.values {
            case .floats(let floats):
                let values = rows.flatMap { UnsafeBufferPointer(start: floats.row($0), count: floats.rowCount) }
                self[tensor.name] = StoredTensor(
                    try communicator.allgather(values, for: tensor.name).flatMap { $0 }, shape: tensor.wholeShape)
            case .counts(let counts):
                self[tensor.name] = StoredTensor(
                    try communicator.allgather(rows.map { counts.values[$0] }, for: tensor.name).flatMap { $0 },
                    shape: tensor.wholeShape)
            }
        }
    }
}

extension StateTensor {
    /// The rows, among those kept here, that this rank gives to a file: one that several ranks keep comes from the one
    /// that hosts its first worker.
    fileprivate func ownedRows(_ communicator: Communicator, workers: Int) throws -> [Int] {
        let kept = 0..<(shape.first ?? 1)
        switch placement {
        case .everywhere:
            return communicator.rank == 0 ? Array(kept) : []
        case .rows(let first, let total):
            let hosted = Hosting(workers: workers, ranks: communicator.size, rank: communicator.rank).hosted
            let workersPerRow = workers / total
            return kept.filter { hosted.contains((first + $0) * workersPerRow) }
        }
    }
}

/// Values of a file on their way back into a network; nothing changes before all of them have been found.
struct Restoration {
    private let file: TensorFile
    private var writes: [() -> Void] = []
    private var missing: Set<String>

    /// - Parameter file: every tensor of it must be asked for.
    init(_ file: TensorFile) {
        self.file = file
        missing = Set(file.names)
    }

    /// - Throws: `SafetensorsError` when one is not there in its shape.
    mutating func add(_ parameters: [Parameter]) throws {
        for parameter in parameters {
            let values = try file.floats(named: parameter.name, shape: parameter.tensor.shape)
            missing.remove(parameter.name)
            writes.append { _ = parameter.tensor.values.update(from: values) }
        }
    }

    /// Each rank takes the rows that it keeps.
    ///
    /// - Throws: `SafetensorsError` when one is not there in its shape.
    mutating func add(_ state: [StateTensor]) throws {
        for tensor in state {
            missing.remove(tensor.name)
            let first = if case .rows(let first, _) = tensor.placement { first } else { 0 }
            switch tensor.values {
            case .floats(let floats):
                let values = try file.floats(named: tensor.name, shape: tensor.wholeShape)
                let start = first * floats.rowCount
                writes.append { _ = floats.values.update(from: values[start..<start + floats.count]) }
            case .counts(let counts):
                let values = try file.integers(named: tensor.name, shape: tensor.wholeShape)
                let count = counts.values.count
                writes.append { counts.values = Array(values[first..<first + count]) }
            }
        }
    }

    /// - Throws: `TrainingError.otherNetwork` when the file holds a tensor that nobody asked for.
    func requireEverythingFound() throws {
        if let unknown = missing.min() {
            throw TrainingError.otherNetwork(path: file.path, detail: "it has no tensor '\(unknown)'")
        }
    }

    /// Puts everything back.
    func write() {
        for write in writes { write() }
    }
}
