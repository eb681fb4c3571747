/// How large images are.
public struct ImageShape: Equatable, Sendable, CustomStringConvertible {
    /// Number of rows.
    public let height: Int
    /// Number of pixels in a row.
    public let width: Int
    /// Number of values of a pixel: 1 for grey, 3 for red, green and blue.
    public let channels: Int

    /// The shape of images of `height` × `width` pixels, each of `channels` values.
    public init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Height, width and channels, for example `28×28×1`.
    public var description: String { "\(height)×\(width)×\(channels)" }
}

extension ImageSet {
    /// The shape of each image.
    public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }
}
