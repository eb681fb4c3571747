import Kernels

/// The image itself or its mirror image, each with probability ½.
struct HorizontalFlip: ImageTransformation {
    let purpose = "flip of an image"

    func transform(
        _ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>, shape: ImageShape,
        generator: inout SeededGenerator
    ) {
        if generator.nextInteger(below: 2) == 0 {
            destination.update(from: source, count: shape.height * shape.width * shape.channels)
        } else {
            mirror(source, into: destination, shape: shape)
        }
    }

    /// Exchanges left and right.
    func mirror(
        _ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>, shape: ImageShape
    ) {
        let (width, channels) = (shape.width, shape.channels)
        for row in 0..<shape.height {
            for column in 0..<width {
                let (from, to) = (row * width + column, row * width + width - 1 - column)
                for channel in 0..<channels { destination[to * channels + channel] = source[from * channels + channel] }
            }
        }
    }
}
