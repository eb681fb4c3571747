import Autograd

/// A stretch of time on one rank, by its own clock.
struct Span {
    /// What the time was spent on.
    enum Kind {
        /// A whole step, counted from 0.
        case step(Int)
        /// Work on a layer, given by its index.
        case work(layer: Int, phase: PassPhase)
        /// A collective, given by the index of its purpose.
        case collective(purpose: Int, bytes: Int)
    }

    let kind: Kind
    var start: Double
    var end: Double
    /// What is known of a collective in the end.
    var outcome: CollectiveLog.Outcome?
}

/// Texts that stand for themselves by a number, so that a span need not carry them.
struct Names {
    private(set) var texts: [String] = []
    private var indices: [String: Int] = [:]

    /// The number of a text; a text that is new gets the next one.
    mutating func index(of text: String) -> Int {
        if let index = indices[text] { return index }
        indices[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }
}
