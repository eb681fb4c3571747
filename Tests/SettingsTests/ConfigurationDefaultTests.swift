import Datasets
import Normalization
import Workers
import XCTest

@testable import Settings

/// The built-in default, its file, and what is written to a run's folder.
final class ConfigurationDefaultTests: XCTestCase {
    func testTheDefaultIsValidForBothCommands() throws {
        for command in [Configuration.Command.train, .compare] {
            XCTAssertEqual(
                try ConfigurationDraft().validated(for: command, ranks: 4), Configuration())
        }
    }

    func testTheWrittenDefaultReadsLikeAPersonsFile() throws {
        let expected = """
            task: classification
            seed: 1
            workers: null
            instructionSet: native
            dataset:
              name: fashion-mnist
              directory: null
              trainImages: 6000
              validation: 0
              part: null
              shards: iid
              batches: mixed
              augmentation: []
              pixels: standardised
            model:
              name: cnn
              convolution: fastest
              zeroInitResidual: false
              initialWeights: null
              initialWeightsSHA256: null
            normalization:
              norm: syncbn
              statistics: null
              groups: 8
              channelsPerGroup: null
              epsilon: 0.00001
              momentum: 0.1
              largestScale: 3.0
              largestShift: 5.0
              renormalizationWarmUp: 100
              affine: true
              biased: false
            training:
              batch: 2
              epochs: 2
              lastBatch: use
              shards: fixed
              learningRate: 0.01
              learningRateImages: null
              schedule: cosine
              stepEpochs: []
              stepFactor: 0.1
              warmUpEpochs: 0.0
              optimiser: sgd
              momentum: 0.9
              beta1: 0.9
              beta2: 0.999
              optimiserEpsilon: 0.00000001
              weightDecay: 0.0005
              decay: all
              reduction: exact
              checkpointEvery: 0
            evaluation:
              statistics: pooled
              batch: 100
              preciseImages: 1000
              every: 1
            contrastive:
              temperature: 0.2
              projection: 64
              shuffledViews: false
              smallestCrop: 0.2
              mirrors: true
              brightness: 0.4
              contrast: 0.4
              pretextImages: 2000
              neighbours: 20
              neighbourImages: 10000
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
        configuration.dataset.part = TrainingPart(2, of: 3)
        configuration.dataset.shards = .dirichlet(0.1)
        configuration.dataset.batches = .coherent(classes: 2)
        configuration.dataset.augmentation = [.flip, .crop(padding: 4)]
        configuration.dataset.pixels = .ranges(1e5)
        configuration.normalization.statistics = .ghost(16)
        configuration.normalization.momentum = .cumulative
        configuration.normalization.norm = "none"
        configuration.training.stepEpochs = [10, 20]
        configuration.compare.norms = ["in"]
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
            if number <= 1 { configuration.normalization.momentum = .exponential(number) }
            XCTAssertEqual(try readBack(configuration), configuration, "\(number)")
        }
    }

    func testFolderNamesThatLookLikeOtherValuesReadBackEqual() throws {
        for name in [
            "null", "Null", "yes", "OFF", "images", "~", "12", "1e3", "true", "a: b", "# x", "'", "\"", " lead", "ü/日本",
            "[x]", "", "-",
        ] {
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

    private func readBack(_ configuration: Configuration) throws -> Configuration {
        try ConfigurationDraft(yaml: configuration.yaml(), file: "configuration.yaml").configuration
    }
}
