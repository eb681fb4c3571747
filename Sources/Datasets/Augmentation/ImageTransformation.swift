import Kernels

/// A random change of an image, made of its bytes before they become the values that networks meet.
public protocol ImageTransformation: Sendable {
    /// What its random numbers are for: no two transformations share theirs, so that one more changes no other.
    var purpose: String { get }

    /// Changes one image.
    ///
    /// - Parameters:
    ///   - source: height × width × channels.
    ///   - destination: height × width × channels, overwritten; another place than the source.
    ///   - shape: of both.
    ///   - generator: the only source of what is random.
    func transform(
        _ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>, shape: ImageShape,
        generator: inout SeededGenerator)
}
