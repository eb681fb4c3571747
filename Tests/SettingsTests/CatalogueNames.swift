import Catalogues

/// The names of a catalogue's entries, as messages list them.
func names<Settings, Made>(_ catalogue: [Definition<Settings, Made>]) -> String {
    catalogue.map(\.name).joined(separator: ", ")
}
