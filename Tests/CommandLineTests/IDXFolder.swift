import Foundation

/// A folder of image files in MNIST's format, with 20 training and 10 test images of 8×8 pixels.
struct IDXFolder {
    let path: String
    static let trainImages = "train-images-idx3-ubyte"
    static let trainLabels = "train-labels-idx1-ubyte"
    static let testImages = "t10k-images-idx3-ubyte"
    static let testLabels = "t10k-labels-idx1-ubyte"

    init(writing path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write(Self.images(20), to: Self.trainImages)
        try write(Self.labels((0..<20).map { UInt8($0 % 10) }), to: Self.trainLabels)
        try write(Self.images(10), to: Self.testImages)
        try write(Self.labels((0..<10).map { UInt8($0) }), to: Self.testLabels)
    }

    func write(_ data: Data, to file: String) throws { try data.write(to: URL(fileURLWithPath: "\(path)/\(file)")) }

    func read(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")) }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(file)") }

    /// Replaces a file by its gzip.
    func compress(_ file: String) throws {
        let process = try Process.run(URL(fileURLWithPath: "/usr/bin/env"), arguments: ["gzip", "\(path)/\(file)"])
        process.waitUntilExit()
    }

    static func images(_ count: Int) -> Data {
        header(kind: 3, [count, 8, 8]) + Data((0..<count * 64).map { UInt8(truncatingIfNeeded: $0 * $0 % 251) })
    }

    static func labels(_ labels: [UInt8]) -> Data { header(kind: 1, [labels.count]) + Data(labels) }

    private static func header(kind: UInt8, _ dimensions: [Int]) -> Data {
        Data([0, 0, 8, kind]) + Data(dimensions.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 0xff)] })
    }
}
