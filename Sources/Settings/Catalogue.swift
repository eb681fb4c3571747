import Catalogues
import Datasets
import Models
import Normalization
import Tasks
import Training

/// One kind of things that can be chosen by name.
public enum Catalogue: String, CaseIterable, Sendable {
    case norms, models, datasets, optimisers, schedules, tasks

    /// What one of its entries is called.
    public var singular: String { String(rawValue.dropLast()) }

    /// What is wrong with the name of a catalogue that is none.
    public static func refusal(of name: String) -> String {
        let names = allCases.map(\.rawValue)
        let suggestion = nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        return "expected one of \(names.joined(separator: ", "))\(suggestion)"
    }

    /// Its entries.
    public var entries: [Choice] {
        switch self {
        case .norms: Norm.catalogue.choices()
        case .models: Networks.catalogue.choices()
        case .datasets: Dataset.catalogue.choices()
        case .optimisers: Optimisers.catalogue.choices()
        case .schedules: Schedules.catalogue.choices()
        case .tasks: TrainingTasks.catalogue.choices()
        }
    }

    /// Whether what an entry needs is on this machine; nil where nothing is needed.
    public func isHere(_ name: String) -> Bool? {
        guard self == .datasets else { return nil }
        return (try? Dataset.source(name))?.isAvailable ?? false
    }
}
