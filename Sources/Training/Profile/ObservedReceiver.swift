import Autograd

/// Lets an observer see the time in which gradients are put into the message of an exchange.
final class ObservedReceiver: GradientReceiver {
    private let receiver: any GradientReceiver
    private let observer: any OperationObserver

    init(_ receiver: any GradientReceiver, observer: any OperationObserver) {
        self.receiver = receiver
        self.observer = observer
    }

    func receives(_ tensor: Tensor) -> Bool { receiver.receives(tensor) }

    func receive(workerGradient gradient: UnsafePointer<Float>, for parameter: Tensor) throws {
        try observe(observer, gradientPurpose, .other) {
            try receiver.receive(workerGradient: gradient, for: parameter)
        }
    }

    func receive(globalGradient gradient: UnsafePointer<Float>, for parameter: Tensor) throws {
        try observe(observer, gradientPurpose, .other) {
            try receiver.receive(globalGradient: gradient, for: parameter)
        }
    }
}
