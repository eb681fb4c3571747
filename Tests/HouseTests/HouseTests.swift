import Foundation
import XCTest

final class HouseTests: XCTestCase {
    private static let sources = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources").resolvingSymlinksInPath()

    func testEverySourceFileKeepsTheHouseRules() throws {
        for violation in try House.violations(in: Self.sources) { XCTFail(violation) }
    }

    func testEveryRowNamesATargetThatHasSources() throws {
        for target in House.allowedImports.keys.sorted() {
            let folder = Self.sources.appending(path: target)
            XCTAssertFalse(try House.files(in: folder).isEmpty, "\(target) holds no source file")
        }
    }

    func testImportsAreReadInAllTheirForms() {
        let forms: [(line: String, modules: [String])] = [
            ("import MPI", ["MPI"]),
            ("    import MPI  // why", ["MPI"]),
            ("@testable import MPI", ["MPI"]),
            ("@_spi(Raw) @preconcurrency public import MPI", ["MPI"]),
            ("import struct Foundation.Data", ["Foundation"]),
            ("import Foundation.NSData", ["Foundation"]),
            ("import MPI; import Autograd", ["MPI", "Autograd"]),
            ("#include <mpi.h>", ["mpi.h"]),
            ("# include \"sys/stat.h\"", ["sys/stat.h"]),
            ("// import MPI", []),
            ("let important = 1", []),
            ("#import", []),
        ]
        for form in forms { XCTAssertEqual(House.imports(of: form.line), form.modules, form.line) }
    }

    /// A copy of the real sources in which each rule is broken once.
    func testEachBrokenRuleIsFoundWithItsFileAndLine() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Self.sources, to: folder)
        let before = Set(try House.violations(in: folder))

        let broken = [
            "Autograd/Operations/Broken.swift": "// A layer.\n@testable import struct MPI.Communicator\n",
            "COneDNN/broken.h": "#include <mpi.h>\n",
            "Kernels/Broken.swift": "import Foundation\n",
            "Kernels/Long.swift": String(repeating: "\n", count: House.longestFileLines + 1),
            "Kernels/LongEnough.swift": String(repeating: "\n", count: House.longestFileLines),
            "Kernels/Generated.pb.swift": String(repeating: "\n", count: House.longestFileLines + 1) + "try! a()\n",
            "Kernels/Generated.proto": "",
            "Kernels/Pretended.pb.swift": String(repeating: "\n", count: House.longestFileLines + 1),
            "Models/Broken.swift": "// not fatalError(\nfatalError(\"a\")\nlet a = try! b()\nlet c = a as! Int\n",
            "Models/Printing.swift": "func a() throws {\n    print(1)\n    try StandardOutput.show(1)\n}\n",
            "Utils/Broken.swift": "",
        ]
        for (path, text) in broken {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        XCTAssertEqual(
            Set(try House.violations(in: folder)).subtracting(before),
            [
                "Autograd/Operations/Broken.swift:2: imports MPI",
                "COneDNN/broken.h:1: imports mpi.h",
                "Kernels/Broken.swift:1: imports Foundation",
                "Kernels/Generated.pb.swift:302: contains try!",
                "Kernels/Long.swift: 301 lines, more than 300",
                "Kernels/Pretended.pb.swift: 301 lines, more than 300",
                "Models/Broken.swift:2: contains fatalError(",
                "Models/Broken.swift:3: contains try!",
                "Models/Broken.swift:4: contains as!",
                "Models/Printing.swift:2: contains  print(",
                "Utils: no row names this target",
            ])
    }
}
