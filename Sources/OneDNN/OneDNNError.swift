import COneDNN

/// What can go wrong in a call of oneDNN.
public enum OneDNNError: Error, Equatable, CustomStringConvertible {
    /// A call returned something other than success; `purpose` says what it was to be used for.
    case callFailed(call: String, status: Int, text: String, purpose: String)
    /// A call reported success but made nothing.
    case nothingMade(call: String)
    /// A convolution or pooling that has no output, or an extent that is not positive; the text describes it.
    case impossibleShape(String)
    /// `PackedWeights` were used before `replace(with:)` gave them values; the text gives their shape.
    case weightsWithoutValues(String)
    /// The instruction set was limited after oneDNN had already chosen one, which is named.
    case instructionSetAlreadyChosen(requested: String, inUse: String)
    /// The oneDNN library was built without OpenMP, so that its threads can't be set.
    case threadsCannotBeSet

    /// One sentence for people.
    public var description: String {
        switch self {
        case .callFailed(let call, let status, let text, let purpose):
            return "oneDNN's \(call) failed with status \(status) (\(text)) for \(purpose)."
        case .nothingMade(let call):
            return "oneDNN's \(call) reported success but made nothing."
        case .impossibleShape(let shape):
            return "\(shape) has no output: every extent must be positive, the kernel must fit into the padded image"
                + " and, in a pooling, be larger than the padding."
        case .weightsWithoutValues(let shape):
            return "The packed weights \(shape) were used before they were given values: call replace(with:) first."
        case .instructionSetAlreadyChosen(let requested, let inUse):
            return "The instruction set can't be limited to \(requested) any more, because oneDNN already works with"
                + " \(inUse): set the limit before asking for it and before the first computation."
        case .threadsCannotBeSet:
            return "This oneDNN library was built without OpenMP, so that its number of threads can't be set:"
                + " use one that was built with it, such as Debian's libdnnl2."
        }
    }
}

/// Throws if a call did not succeed.
@inline(__always)
func check(_ status: dnnl_status_t, _ call: StaticString, for purpose: @autoclosure () -> String) throws {
    if status != dnnl_success { throw failure(status, call, purpose()) }
}

@inline(never)
private func failure(_ status: dnnl_status_t, _ call: StaticString, _ purpose: String) -> OneDNNError {
    let text = dnnl_status2str(status).map { String(cString: $0) } ?? "unknown"
    return .callFailed(call: "\(call)", status: Int(status.rawValue), text: text, purpose: purpose)
}
