extension ImageSet {
    /// Makes views of images, as normalised values.
    ///
    /// - Parameters:
    ///   - destination: views × height × width × channels, overwritten.
    ///   - views: each with its image, which is kept.
    ///   - normalization: the channels' means and deviations.
    public func fill(
        _ destination: UnsafeMutableBufferPointer<Float>, withViews views: [(image: Int, view: ImageView)],
        normalization: PixelNormalization
    ) {
        precondition(
            destination.count == views.count * valuesPerImage,
            "\(views.count) views of \(valuesPerImage) values don't fill \(destination.count) values")
        images.withUnsafeBufferPointer { bytes in
            var start = 0
            for (image, view) in views {
                let values = UnsafeMutableBufferPointer(
                    rebasing: destination[start..<start + valuesPerImage])
                enlarge(view, of: UnsafeBufferPointer(rebasing: bytes[self.bytes(ofImage: image)]), into: values)
                view.changeColours(of: values)
                normalization.normalize(values)
                normalization.multiplyColumns(of: values, width: width)
                start += valuesPerImage
            }
        }
    }

    /// Samples the part of an image bilinearly between the centres of pixels, as PyTorch's `interpolate` does without
    /// `align_corners` with the part cut out: beyond its outermost centres the values stay.
    private func enlarge(
        _ view: ImageView, of image: UnsafeBufferPointer<UInt8>, into values: UnsafeMutableBufferPointer<Float>
    ) {
        let rows = Self.samples(from: view.top, of: view.height, into: height)
        var columns = Self.samples(from: view.left, of: view.width, into: width)
        if view.isMirrored { columns.reverse() }
        var place = 0
        for row in rows {
            for column in columns {
                for channel in 0..<channels {
                    func value(_ row: Int, _ column: Int) -> Float {
                        Float(image[(row * width + column) * channels + channel])
                    }
                    func between(_ column: Sample, in row: Int) -> Float {
                        let (first, second) = (value(row, column.first), value(row, column.second))
                        return first + (second - first) * column.weight
                    }
                    let (upper, lower) = (between(column, in: row.first), between(column, in: row.second))
                    values[place] = upper + (lower - upper) * row.weight
                    place += 1
                }
            }
        }
    }

    /// A place between two rows or columns.
    private struct Sample {
        let first: Int
        let second: Int
        /// That of the second.
        let weight: Float
    }

    /// Where so many samples of a part lie along one axis.
    private static func samples(from start: Double, of extent: Double, into count: Int) -> [Sample] {
        (0..<count).map { index in
            let inside = (Double(index) + 0.5) * extent / Double(count) - 0.5
            let position = start + min(max(inside, 0), extent - 1)
            let first = min(Int(position), count - 1)
            return Sample(first: first, second: min(first + 1, count - 1), weight: Float(position - Double(first)))
        }
    }
}

extension ImageView {
    /// Brightness and then contrast, each of which keeps to 0…255.
    ///
    /// - Parameter values: of the view, changed.
    fileprivate func changeColours(of values: UnsafeMutableBufferPointer<Float>) {
        if brightness != 1 {
            let factor = Float(brightness)
            for index in values.indices { values[index] = min(max(factor * values[index], 0), 255) }
        }
        if contrast != 1 {
            let mean = Float(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
            let factor = Float(contrast)
            for index in values.indices {
                values[index] = min(max(mean + factor * (values[index] - mean), 0), 255)
            }
        }
    }
}
