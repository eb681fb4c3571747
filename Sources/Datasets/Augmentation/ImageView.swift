import Kernels

/// How views of images are drawn.
public struct ViewDistribution: Equatable, Sendable {
    /// The smallest area of the part of an image that becomes a view, as a share of the image's; above 0, at most 1.
    public var smallestCrop: Double
    /// Whether every other view is mirrored.
    public var mirrors: Bool
    /// How far the factor of a view's brightness may be from 1, at most 1.
    public var brightness: Double
    /// How far the factor of its contrast may be from 1, at most 1.
    public var contrast: Double

    /// A distribution by its parts.
    public init(smallestCrop: Double, mirrors: Bool, brightness: Double, contrast: Double) {
        self.smallestCrop = smallestCrop
        self.mirrors = mirrors
        self.brightness = brightness
        self.contrast = contrast
    }
}

/// One view of an image: a part of it, enlarged to the whole, perhaps mirrored, of another brightness and contrast.
public struct ImageView: Equatable, Sendable {
    /// The first row of the part, which may be a fraction.
    public let top: Double
    /// Its first column.
    public let left: Double
    /// Its rows, at least one.
    public let height: Double
    /// Its columns, at least one.
    public let width: Double
    /// Whether left and right change places.
    public let isMirrored: Bool
    /// What values are multiplied by.
    public let brightness: Double
    /// What their distances from their mean are multiplied by after that.
    public let contrast: Double

    /// A view by its parts; the whole image when all are left out.
    public init(
        of shape: ImageShape, top: Double = 0, left: Double = 0, height: Double? = nil, width: Double? = nil,
        isMirrored: Bool = false, brightness: Double = 1, contrast: Double = 1
    ) {
        self.top = top
        self.left = left
        self.height = height ?? Double(shape.height)
        self.width = width ?? Double(shape.width)
        self.isMirrored = isMirrored
        self.brightness = brightness
        self.contrast = contrast
    }

    /// A random view, as in Chen et al. 2020, appendix A, as far as it concerns small images: the area of the part is
    /// uniform, its ratio of width to height log-uniform from 3/4 to 4/3 (Szegedy et al. 2015, section 6), and it is cut
    /// off where it would be larger than the image.
    ///
    /// - Parameters:
    ///   - shape: of the image.
    ///   - distribution: what is drawn from.
    ///   - seed: of the run.
    ///   - purpose: views for other purposes are independent of this one.
    ///   - epoch: in which it is seen.
    ///   - image: its number.
    ///   - number: of the view among those of the image.
    public init(
        randomOf shape: ImageShape, _ distribution: ViewDistribution, seed: UInt64, for purpose: String, epoch: Int,
        image: Int, number: Int
    ) {
        var generator = SeededGenerator(seed: seed, for: purpose, epoch, image, number)
        /// Uniform on [0, 1).
        func share() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
        let (rows, columns) = (Double(shape.height), Double(shape.width))
        let area = (distribution.smallestCrop + (1 - distribution.smallestCrop) * share()) * rows * columns
        let ratio = 4 / 3.0 * exponential(ofNonPositive: -share() * naturalLogarithm(16 / 9.0))
        let height = min(rows, max(1, (area / ratio).squareRoot()))
        let width = min(columns, max(1, (area * ratio).squareRoot()))
        let (top, left) = ((rows - height) * share(), (columns - width) * share())
        let isMirrored = share() < 0.5
        self.init(
            of: shape, top: top, left: left, height: height, width: width,
            isMirrored: distribution.mirrors && isMirrored,
            brightness: 1 + distribution.brightness * (2 * share() - 1),
            contrast: 1 + distribution.contrast * (2 * share() - 1))
    }
}
