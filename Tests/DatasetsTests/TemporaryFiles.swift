import Foundation
import XCTest

/// A folder that a test fills with files and that is gone afterwards.
class TemporaryFilesTestCase: XCTestCase {
    private(set) var directory = ""

    override func setUpWithError() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "DatasetsTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        directory = url.path(percentEncoded: false)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: directory)
    }

    func path(_ name: String) -> String {
        directory + "/" + name
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: path(name)))
    }

    /// What the program gzip makes of the bytes.
    func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        try write(bytes, to: "plain")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "--no-name", path("plain")]
        try process.run()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
        defer { try? FileManager.default.removeItem(atPath: path("plain.gz")) }
        return try [UInt8](Data(contentsOf: URL(filePath: path("plain.gz"))))
    }

    /// An IDX header: the magic number and the dimensions, four bytes each.
    func header(_ words: UInt32...) -> [UInt8] {
        words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
    }
}
