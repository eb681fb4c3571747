/// The direction in which a step goes through a network.
public enum OperationPhase: String, Sendable {
    /// From the images to the loss.
    case forward
    /// From the loss to the parameters.
    case backward
    /// Neither: the update of the parameters, for example.
    case other
}

/// Told when the work on a layer begins and ends, to take its time for example.
///
/// Work may lie within other work; what began last ends first.
public protocol OperationObserver: AnyObject {
    /// Work on a layer begins.
    func begin(_ layer: String, _ phase: OperationPhase)

    /// The work that began last ends.
    func end()
}

/// Does something between an observer's `begin` and `end`; without an observer that is all.
public func observe<Value>(
    _ observer: (any OperationObserver)?, _ layer: @autoclosure () -> String, _ phase: OperationPhase,
    _ body: () throws -> Value
) rethrows -> Value {
    guard let observer else { return try body() }
    observer.begin(layer(), phase)
    defer { observer.end() }
    return try body()
}
