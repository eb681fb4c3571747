import Catalogues
import Normalization
import TestSupport
import Workers
import XCTest

extension Norm {
    /// A layer of the norm of that name in the catalogue, with the built-in settings.
    static func layer(_ name: String, channels: Int, _ settings: NormSettings = NormSettings()) throws
        -> any NormalizationLayer
    {
        let definition = try XCTUnwrap(catalogue.named(name))
        let norm = try definition.make(settings)
        let layer = try norm.layer(name, channels, Hosting(workers: 12), ExactSums())
        return try XCTUnwrap(layer)
    }
}

/// What a configuration's words make.
final class NormCatalogueTests: XCTestCase {
    func testEveryNormTellsWhoSharesItsStatistics() throws {
        let groups = [
            "bn": "worker", "syncbn": "world", "gn": "sample", "ln": "sample", "in": "sample", "none": "none",
        ]
        for (name, statistics) in groups {
            XCTAssertEqual(try Norm.catalogue.named(name)?.make(NormSettings()).statistics, statistics, name)
        }
        XCTAssertEqual(Set(Norm.catalogue.map(\.name)).count, Norm.catalogue.count)
        XCTAssertTrue(Norm.catalogue.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
    }

    func testBatchNormsTakeTheGroupThatIsAskedForButTheSynchronisedOneAllWorkers() throws {
        for group in [StatisticsGroup.ghost(4), .worker, .workers(3), .world] {
            var settings = NormSettings()
            settings.statistics = group
            for (name, expected) in [("bn", group), ("batch", group), ("syncbn", .world)] {
                let layer = try XCTUnwrap(Norm.layer(name, channels: 8, settings) as? BatchNormalization)
                XCTAssertEqual(layer.options.statistics, expected, name)
                XCTAssertEqual(try Norm.catalogue.named(name)?.make(settings).statistics, expected.rawValue, name)
            }
        }
    }

    /// Of 12 workers with a batch of 3, where a layer meets 2 pixels; γ and β have 8 channels, in 4 groups.
    func testEveryNormTellsOverHowManyValuesItTakesAVariance() throws {
        var settings = NormSettings()
        settings.groups = 4
        let expected: [String: [Int]] = [
            "bn": Array(repeating: 6, count: 12), "syncbn": [72], "gn": [4], "ln": [16], "in": [2], "rms": [],
            "brn": Array(repeating: 6, count: 12), "batch": [18, 18, 18, 18], "frozenbn": [],
        ]
        for (name, counts) in expected {
            settings.statistics = name == "batch" ? .workers(3) : nil
            let layer = try Norm.layer(name, channels: 8, settings)
            XCTAssertEqual(layer.valueCounts(ofBatches: Array(repeating: 3, count: 12), pixels: 2), counts, name)
        }
        XCTAssertEqual(expected.count, Norm.catalogue.count - 1, "all but none")
    }

    func testABatchNormWithoutAGroupIsRefusedWhereItsNameImpliesNone() throws {
        XCTAssertThrowsError(try Norm.layer("batch", channels: 8)) {
            XCTAssertEqual(($0 as? UnusableSetting)?.key, "normalization.statistics")
        }
    }

    func testSettingsReachTheLayer() throws {
        var settings = NormSettings()
        settings.epsilon = 0.25
        settings.momentum = .cumulative
        settings.affine = false
        settings.biased = true
        settings.groups = 2
        let batch = try XCTUnwrap(Norm.layer("bn", channels: 8, settings) as? BatchNormalization)
        XCTAssertEqual(
            batch.options,
            BatchNormalization.Options(
                statistics: .worker, epsilon: 0.25, momentum: .cumulative, affine: false, biased: true))
        for (name, groups) in [("gn", 2), ("ln", 1), ("in", 8)] {
            let layer = try XCTUnwrap(Norm.layer(name, channels: 8, settings) as? GroupNormalization)
            XCTAssertEqual(layer.groups, groups, name)
            XCTAssertEqual(layer.epsilon, 0.25, name)
            XCTAssertTrue(layer.parameters.isEmpty, name)
        }
    }

    func testGroupsThatDoNotDivideTheChannelsAreRefused() throws {
        XCTAssertThrowsError(try Norm.layer("gn", channels: 12)) {
            XCTAssertEqual(($0 as? UnusableSetting)?.key, "normalization.groups")
            XCTAssertTrue("\($0)".contains("8") && "\($0)".contains("12"), "\($0)")
        }
        XCTAssertNoThrow(try Norm.layer("gn", channels: 16))
    }

    func testGroupsMayHaveANumberOfChannelsInPlaceOfANumberOfGroups() throws {
        var settings = NormSettings()
        settings.channelsPerGroup = 4
        for channels in [4, 8, 12, 64] {
            let layer = try XCTUnwrap(Norm.layer("gn", channels: channels, settings) as? GroupNormalization)
            XCTAssertEqual(layer.groups, channels / 4)
        }
        for (name, groups) in [("ln", 1), ("in", 8)] {
            let layer = try XCTUnwrap(Norm.layer(name, channels: 8, settings) as? GroupNormalization)
            XCTAssertEqual(layer.groups, groups, name)
        }
        for channels in [2, 6] {
            XCTAssertThrowsError(try Norm.layer("gn", channels: channels, settings)) {
                XCTAssertEqual(($0 as? UnusableSetting)?.key, "normalization.channelsPerGroup")
                XCTAssertTrue("\($0)".contains("4") && "\($0)".contains("\(channels)"), "\($0)")
            }
        }
    }

    func testWithoutANormThereIsNoLayer() throws {
        let norm = try XCTUnwrap(Norm.catalogue.named("none")).make(NormSettings())
        XCTAssertNil(try norm.layer("normalization1", 8, Hosting(workers: 1), ExactSums()))
    }
}
