import Workers
import XCTest

final class StatisticsGroupTests: XCTestCase {
    private let texts: [(group: StatisticsGroup, text: String)] = [
        (.ghost(16), "ghost:16"), (.worker, "worker"), (.workers(4), "workers:4"), (.world, "world"),
    ]

    func testTheTextIsReadAsItIsWritten() {
        for (group, text) in texts {
            XCTAssertEqual(group.rawValue, text)
            XCTAssertEqual("\(group)", text)
            XCTAssertEqual(StatisticsGroup(rawValue: text), group)
        }
    }

    func testAnythingElseIsNoGroup() {
        for text in ["", "ghost", "ghost:", "ghost:a", "workers", "workers:2:3", "World", "worker:1", "world:", "node"]
        {
            XCTAssertNil(StatisticsGroup(rawValue: text), text)
        }
    }

    func testImagesAreCountedGroupByGroup() {
        let batches = [5, 4, 0, 1]
        XCTAssertEqual(StatisticsGroup.ghost(2).imageCounts(ofBatches: batches), [2, 2, 1, 2, 2, 1])
        XCTAssertEqual(StatisticsGroup.worker.imageCounts(ofBatches: batches), [5, 4, 1])
        XCTAssertEqual(StatisticsGroup.workers(2).imageCounts(ofBatches: batches), [9, 1])
        XCTAssertEqual(StatisticsGroup.workers(2).imageCounts(ofBatches: [3, 2, 0, 0]), [5])
        XCTAssertEqual(StatisticsGroup.world.imageCounts(ofBatches: batches), [10])
    }

    func testASizeIsWrittenInDecimalDigits() {
        for size in ["010", "0x2", "+2", "1_000", " 2", "2 ", "٢", "２", "2.0", "2e1"] {
            for group in ["ghost", "workers"] { XCTAssertNil(StatisticsGroup(rawValue: "\(group):\(size)"), size) }
        }
    }

    func testOnlyGroupsLargerThanAWorkerJoinWorkersAndShareASet() {
        XCTAssertEqual(texts.map(\.group.joinsWorkers), [false, false, true, true])
        XCTAssertEqual(texts.map { $0.group.workersPerSet(of: 12) }, [1, 1, 4, 12])
    }
}
