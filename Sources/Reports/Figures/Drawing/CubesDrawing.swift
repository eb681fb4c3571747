/// Four batches as cubes of images, channels and pixels, in each the values that share one mean and one variance.
///
/// After figure 2 of Wu and He, "Group Normalization" (2018), with the images of a batch on two workers.
struct CubesDrawing {
    static let width = 600.0
    static let height = 560.0

    private static let images = 4
    private static let imagesPerWorker = 2
    private static let channels = 6
    private static let pixels = 4
    private static let side = 25.0
    /// One image further back.
    private static let depth = (x: 15.0, y: -11.0)

    /// The values that share statistics with the first value of the first image.
    private struct Cube {
        let name: String
        let captions: [String]
        let images: Int
        let channels: Int
        var synchronizedImages: Int?
    }

    private static let cubes = [
        Cube(
            name: "batch norm", captions: ["mean over N, H and W,", "per channel; paler: synchronised"],
            images: imagesPerWorker, channels: 1, synchronizedImages: images),
        Cube(name: "layer norm", captions: ["mean over C, H and W,", "per image"], images: 1, channels: channels),
        Cube(
            name: "instance norm", captions: ["mean over H and W,", "per image and channel"], images: 1, channels: 1),
        Cube(
            name: "group norm", captions: ["mean over H, W and a group of C,", "per image and group"], images: 1,
            channels: channels / 2),
    ]

    /// Two by two.
    var content: [SVGElement] {
        let note = Self.text("The thick line parts the images of two workers.", x: 14, y: 546, anchor: "start")
        return [note]
            + Self.cubes.enumerated().map { index, cube in
                let place = (x: Double(index % 2) * 300, y: Double(index / 2) * 265)
                return SVGElement(
                    "g", ["transform": "translate(\(place.x),\(place.y))"],
                    Self.drawing(of: cube).map(SVGElement.Node.element))
            }
    }

    /// The lower left corner of the front.
    private static let corner = (x: 52.0, y: 158.0)

    /// A point of the cube, counted in channels to the right, pixels upwards and images backwards.
    private static func point(_ channel: Int, _ pixel: Int, _ image: Int) -> String {
        let x = corner.x + Double(channel) * side + Double(image) * depth.x
        let y = corner.y - Double(pixel) * side + Double(image) * depth.y
        return "\(x),\(y)"
    }

    private static func drawing(of cube: Cube) -> [SVGElement] {
        var cells: [SVGElement] = []
        for channel in 0..<channels {
            for pixel in 0..<pixels {
                let corners = square.map { point(channel + $0.0, pixel + $0.1, 0) }
                cells.append(cell(corners, of: cube, channel: channel, image: 0))
            }
            for image in 0..<images {
                let corners = square.map { point(channel + $0.0, pixels, image + $0.1) }
                cells.append(cell(corners, of: cube, channel: channel, image: image))
            }
        }
        for image in 0..<images {
            for pixel in 0..<pixels {
                let corners = square.map { point(channels, pixel + $0.1, image + $0.0) }
                cells.append(cell(corners, of: cube, channel: channels - 1, image: image))
            }
        }
        let title = SVGElement("title", text: ([cube.name] + cube.captions).joined(separator: " "))
        let faces = SVGElement(
            "g", ["stroke": FigurePalette.faint.reference], cells.map(SVGElement.Node.element))
        return [title, faces, workerBoundary] + names(of: cube)
    }

    private static let square = [(0, 0), (1, 0), (1, 1), (0, 1)]

    private static func cell(_ corners: [String], of cube: Cube, channel: Int, image: Int) -> SVGElement {
        var cell = SVGElement("polygon", ["points": corners.joined(separator: " ")])
        let isShared = channel < cube.channels && image < cube.synchronizedImages ?? cube.images
        guard isShared else { return cell }
        cell["fill"] = FigurePalette.series[0].reference
        if image >= cube.images { cell["fill-opacity"] = "0.4" }
        cell["stroke"] = FigurePalette.page.reference
        return cell
    }

    /// Between the images of one worker and the next.
    private static var workerBoundary: SVGElement {
        let corners = [(0, pixels), (channels, pixels), (channels, 0)].map { point($0.0, $0.1, imagesPerWorker) }
        return SVGElement(
            "polyline",
            ["points": corners.joined(separator: " "), "stroke": FigurePalette.text.reference, "stroke-width": "3"])
    }

    private static func names(of cube: Cube) -> [SVGElement] {
        let right = corner.x + Double(channels) * side
        let back = Double(images) * depth.x
        var names = [
            text("C", x: corner.x + Double(channels) * side / 2, y: corner.y + 18, anchor: "middle"),
            text("H, W", x: corner.x - 8, y: corner.y - Double(pixels) * side / 2 + 5, anchor: "end"),
            text("N", x: right + back / 2 + 12, y: corner.y + Double(images) * depth.y / 2 + 14, anchor: "start"),
        ]
        var title = text(cube.name, x: 14, y: corner.y + 48, anchor: "start")
        title["font-weight"] = "600"
        names.append(title)
        for (line, caption) in cube.captions.enumerated() {
            names.append(text(caption, x: 14, y: corner.y + 68 + 20 * Double(line), anchor: "start"))
        }
        return names
    }

    private static func text(_ text: String, x: Double, y: Double, anchor: String) -> SVGElement {
        SVGElement(
            "text", ["x": "\(x)", "y": "\(y)", "text-anchor": anchor, "fill": FigurePalette.text.reference], text: text)
    }
}
