/// Where the time of one rank's steps went.
public struct RankProfile: Codable, Equatable, Sendable {
    /// The rank.
    public let rank: Int
    /// The host it ran on.
    public let host: String
    /// Steps that count: those after the first few, in which kernels and buffers are made.
    public let steps: Int
    /// Steps before them.
    public let warmUpSteps: Int
    /// Seconds of the steps that count.
    public let seconds: Double
    /// Seconds that this rank's clock may be off from that of rank 0, at most.
    public let clockErrorSeconds: Double
    /// In the order in which they were first met; the same layers on every rank.
    public let layers: [LayerProfile]

    /// A rank's profile.
    public init(
        rank: Int, host: String, steps: Int, warmUpSteps: Int, seconds: Double, clockErrorSeconds: Double,
        layers: [LayerProfile]
    ) {
        self.rank = rank
        self.host = host
        self.steps = steps
        self.warmUpSteps = warmUpSteps
        self.seconds = seconds
        self.clockErrorSeconds = clockErrorSeconds
        self.layers = layers
    }
}

/// What was spent on one layer in the steps that count: a normalisation, or the exchange of the gradients, for example.
public struct LayerProfile: Codable, Equatable, Sendable {
    /// Its name.
    public let name: String
    /// Seconds of work in the forward pass, without collectives and without work on other layers that lies within.
    public var forwardSeconds = 0.0
    /// The same in the backward pass.
    public var backwardSeconds = 0.0
    /// The same outside of both.
    public var otherSeconds = 0.0
    /// Seconds in collectives until the last rank had come.
    public var waitingSeconds = 0.0
    /// Seconds in collectives after that.
    public var movingSeconds = 0.0
    /// Bytes that the rank gave to collectives.
    public var bytes = 0
    /// Collectives.
    public var messages = 0
    /// In how many of the collectives each rank was the last to come; the same on every rank.
    public var lastCounts: [Int]

    /// Nothing spent yet.
    ///
    /// - Parameter ranks: of the run.
    public init(name: String, ranks: Int) {
        self.name = name
        lastCounts = Array(repeating: 0, count: ranks)
    }

    /// All seconds.
    public var seconds: Double { forwardSeconds + backwardSeconds + otherSeconds + waitingSeconds + movingSeconds }
}
