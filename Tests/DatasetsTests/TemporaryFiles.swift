import Foundation
import TestSupport
import XCTest

/// Files of images in a folder that is gone after the test.
class TemporaryFilesTestCase: FolderTestCase {
    var directory: String { folder.path }

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
