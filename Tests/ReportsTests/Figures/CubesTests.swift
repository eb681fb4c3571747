import XCTest

@testable import Reports

/// The cubes that teach which values share a mean.
final class CubesTests: XCTestCase {
    /// How many of the 4·6 cells in front (one image), and of all 24 + 24 + 16 that can be seen, are filled; and palely.
    private func filled(_ index: Int) throws -> (front: Int, all: Int, pale: Int) {
        let root = try SVGParser.root(of: Gnuplot().svg(of: Figures.cubes))
        let cells = root.elements.filter { $0.name == "g" }[index].all("polygon")
        XCTAssertEqual(cells.count, 24 + 24 + 16)
        let shared = cells.filter { $0["fill"] == FigurePalette.series[0].reference }
        // Cells in front are squares: their first two corners are at one height, and the next two right above.
        let front = shared.filter { cell in
            let corners = (cell["points"] ?? "").split(separator: " ").map { $0.split(separator: ",").map(String.init) }
            return corners[0][1] == corners[1][1] && corners[0][0] == corners[3][0]
        }
        return (front.count, shared.count, shared.count { $0["fill-opacity"] != nil })
    }

    func testBatchNormTakesOneChannelOfAllImagesOfAWorkerAndSynchronisedOfAllWorkers() throws {
        XCTAssert(try filled(0) == (4, 4 + 4, 2))
    }

    func testLayerNormTakesAllOfOneImage() throws {
        XCTAssert(try filled(1) == (24, 24 + 6 + 4, 0))
    }

    func testInstanceNormTakesOneChannelOfOneImage() throws {
        XCTAssert(try filled(2) == (4, 4 + 1, 0))
    }

    func testGroupNormTakesSomeChannelsOfOneImage() throws {
        XCTAssert(try filled(3) == (12, 12 + 3, 0))
    }
}
