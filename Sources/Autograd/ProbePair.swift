/// Two probes that look into the same passes.
public final class ProbePair: Probe {
    private let first: any Probe
    private let second: any Probe

    /// A probe that is all of those that are given; nil when none is.
    public static func joining(_ first: (any Probe)?, _ second: (any Probe)?) -> (any Probe)? {
        guard let first, let second else { return first ?? second }
        return ProbePair(first, second)
    }

    private init(_ first: any Probe, _ second: any Probe) {
        self.first = first
        self.second = second
    }

    /// Work on a layer begins.
    public func begin(_ layer: String, _ phase: PassPhase) {
        first.begin(layer, phase)
        second.begin(layer, phase)
    }

    /// The work that began last ends.
    public func end() {
        first.end()
        second.end()
    }

    /// A layer has made its output.
    public func see(_ pass: LayerPass) {
        first.see(pass)
        second.see(pass)
    }
}
