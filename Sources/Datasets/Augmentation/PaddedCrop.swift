import Kernels

/// A window of an image's own size at a random place of the image with black pixels around it (He et al. 2016, section
/// 4.2; torchvision's `RandomCrop` with a padding). Black is the byte 0, before pixels are standardised.
struct PaddedCrop: ImageTransformation {
    /// Black pixels on each side.
    let padding: Int

    let purpose = "crop of an image"

    func transform(
        _ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>, shape: ImageShape,
        generator: inout SeededGenerator
    ) {
        let down = generator.nextInteger(below: 2 * padding + 1) - padding
        let right = generator.nextInteger(below: 2 * padding + 1) - padding
        shift(source, into: destination, shape: shape, down: down, right: right)
    }

    /// The pixel at (row, column) is the source's at (row + down, column + right), or black where there is none.
    func shift(
        _ source: UnsafePointer<UInt8>, into destination: UnsafeMutablePointer<UInt8>, shape: ImageShape, down: Int,
        right: Int
    ) {
        let (height, width, channels) = (shape.height, shape.width, shape.channels)
        destination.update(repeating: 0, count: height * width * channels)
        let columns = max(0, -right)..<max(max(0, -right), min(width, width - right))
        for row in max(0, -down)..<max(max(0, -down), min(height, height - down)) {
            let start = (row * width + columns.lowerBound) * channels
            let from = ((row + down) * width + columns.lowerBound + right) * channels
            (destination + start).update(from: source + from, count: columns.count * channels)
        }
    }
}
