import XCTest

/// A test case with a folder of its own, removed afterwards.
open class FolderTestCase: XCTestCase {
    /// The folder.
    public private(set) var folder = URL(fileURLWithPath: "/")

    open override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    open override func tearDownWithError() throws {
        try FileManager.default.removeItem(at: folder)
    }

    /// The path of something in the folder.
    public func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Makes a file in the folder, or replaces it.
    public func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    /// The names of all that is in the folder, sorted.
    public func contentsOfFolder() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
