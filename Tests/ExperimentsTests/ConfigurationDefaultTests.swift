import Normalization
import XCTest

@testable import Experiments

/// The built-in default, its file, and what is written to a run's folder.
final class ConfigurationDefaultTests: XCTestCase {
    private var compareFile: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("configs/compare.yaml").path
    }

    func testCompareYamlIsTheBuiltInDefault() throws {
        XCTAssertEqual(try ConfigurationDraft(path: compareFile).configuration, Configuration())
    }

    func testCompareYamlStatesEveryKey() throws {
        let draft = try ConfigurationDraft(path: compareFile)
        let keys = Configuration().keyPaths()
        XCTAssertTrue(keys.contains("training.learningRate"))
        XCTAssertTrue(keys.contains("workers"))
        for key in keys {
            XCTAssertNotEqual(draft.place(of: key), .builtIn, key)
        }
    }

    func testTheDefaultIsValidForBothCommands() throws {
        for command in [Configuration.Command.train, .compare] {
            let draft = ConfigurationDraft()
            XCTAssertEqual(
                try draft.validated(for: command, ranks: 4, channels: [32, 64, 128]), Configuration())
        }
    }

    func testTheWrittenDefaultReadsLikeAPersonsFile() throws {
        let expected = """
            seed: 1
            workers: null
            instructionSet: native
            dataset:
              name: fashion-mnist
              directory: null
              trainImages: 6000
            model:
              name: cnn
              convolution: fastest
              initialWeights: null
              initialWeightsSHA256: null
            normalization:
              norm: syncbn
              statistics: null
              groups: 8
              epsilon: 0.00001
              momentum: 0.1
              affine: true
              biased: false
            training:
              batch: 2
              epochs: 2
              learningRate: 0.01
              schedule: cosine
              stepEpochs: []
              stepFactor: 0.1
              warmUpEpochs: 0.0
              momentum: 0.9
              weightDecay: 0.0005
              reduction: exact
              checkpointEvery: 0
            evaluation:
              statistics: pooled
              batch: 100
              preciseImages: 1000
            compare:
              norms: [bn, syncbn, gn, ln, in, none]

            """
        XCTAssertEqual(try Configuration().yaml(), expected)
    }

    func testWhatIsWrittenReadsBackEqual() throws {
        var configuration = Configuration()
        XCTAssertEqual(try readBack(configuration), configuration)

        configuration.seed = .max
        configuration.workers = 32
        configuration.dataset.trainImages = nil
        configuration.normalization.statistics = .ghost(16)
        configuration.normalization.momentum = .cumulative
        configuration.normalization.norm = .identity
        configuration.training.stepEpochs = [10, 20]
        configuration.compare.norms = [.instanceNorm]
        XCTAssertEqual(try readBack(configuration), configuration)
    }

    func testNumbersReadBackToTheLastBit() throws {
        let numbers = [
            0.1 + 0.2, 1.0 / 3, .leastNonzeroMagnitude, 1e-5, 123_456_789.123_456_78, 1e22, 1e-200, 0.1.nextUp, 1,
        ]
        for number in numbers {
            var configuration = Configuration()
            configuration.training.learningRate = number
            configuration.normalization.epsilon = number
            configuration.normalization.momentum = .exponential(number)
            XCTAssertEqual(try readBack(configuration), configuration, "\(number)")
        }
    }

    func testFolderNamesThatLookLikeOtherValuesReadBackEqual() throws {
        for name in ["null", "~", "12", "1e3", "true", "a: b", "# x", "'", "\"", " lead", "ü/日本", "[x]", "", "-"] {
            var configuration = Configuration()
            configuration.dataset.directory = name
            XCTAssertEqual(try readBack(configuration), configuration, name)
        }
    }

    func testTheWorkersOfARunDefaultToItsRanks() {
        var configuration = Configuration()
        XCTAssertEqual(configuration.workerCount(ranks: 3), 3)
        configuration.workers = 32
        XCTAssertEqual(configuration.workerCount(ranks: 3), 32)
    }

    func testStatisticsGroupsAreWrittenAsTheyAreRead() {
        for text in ["ghost:4", "worker", "workers:2", "world"] {
            XCTAssertEqual(StatisticsGroup(rawValue: text)?.rawValue, text)
        }
        XCTAssertEqual(StatisticsGroup(rawValue: "ghost:4"), .ghost(4))
        for text in ["ghost", "ghost:", "ghost:x", "worker:2", "workers", "world:", "", ":", "ghost:1:2"] {
            XCTAssertNil(StatisticsGroup(rawValue: text), text)
        }
    }

    func testANormImpliesItsStatisticsGroup() {
        var normalization = Configuration.NormalizationSettings()
        XCTAssertEqual(normalization.statisticsGroup(of: .perWorkerBatchNorm), .worker)
        XCTAssertEqual(normalization.statisticsGroup(of: .synchronizedBatchNorm), .world)
        XCTAssertNil(normalization.statisticsGroup(of: .groupNorm))

        normalization.statistics = .workers(2)
        XCTAssertEqual(normalization.statisticsGroup(of: .perWorkerBatchNorm), .workers(2))
        XCTAssertEqual(normalization.statisticsGroup(of: .batchNorm), .workers(2))
        XCTAssertEqual(normalization.statisticsGroup(of: .synchronizedBatchNorm), .world)
        XCTAssertNil(normalization.statisticsGroup(of: .identity))
    }

    private func readBack(_ configuration: Configuration) throws -> Configuration {
        try ConfigurationDraft(yaml: configuration.yaml(), file: "configuration.yaml").configuration
    }
}
