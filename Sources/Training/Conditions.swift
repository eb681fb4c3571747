/// What a run depends on beside its configuration: a run that goes on under other conditions may end with other bits.
public struct Conditions: Codable, Equatable, Sendable {
    /// What its steps are computed with.
    public let arithmetic: Arithmetic
    /// The caches of rank 0's host, in words: oneDNN cuts its sums into blocks that fit them.
    public let caches: String
    /// SHA-256 of the executable.
    public let program: String
    /// SHA-256 of the images and their labels.
    public let images: String

    /// The program and the library that computes, in words.
    public var build: String { "SHA-256 \(program.prefix(12)); oneDNN \(arithmetic.oneDNN)" }

    /// Conditions by their parts.
    public init(arithmetic: Arithmetic, caches: String, program: String, images: String) {
        self.arithmetic = arithmetic
        self.caches = caches
        self.program = program
        self.images = images
    }
}
