import Autograd
import Datasets
import Models
import OneDNN
import Settings
import Tasks
import Workers
import XCTest

@testable import Studies

/// Whether the cases of `normtrain verify` cover what users run.
final class VerificationCaseTests: XCTestCase {
    /// A way to compute a pass of a network's convolutions.
    private struct Choice: Hashable, CustomStringConvertible {
        let network: String
        let pass: ConvolutionPass
        let algorithm: ConvolutionAlgorithm

        var description: String { "\(algorithm.rawValue) \(pass.rawValue) in \(network)" }
    }

    private let workers = 4

    private func convolutions(_ network: String, _ extent: Int) throws -> [ConvolutionShape] {
        var settings = TaskSettings(seed: 1, workers: 1)
        settings.model.name = network
        let shape = ImageShape(height: extent, width: extent, channels: 1)
        let layers = try settings.network(images: shape, classes: 10, hosting: Hosting(workers: 1), sums: ExactSums())
        guard let run = try? DryRun(of: layers, height: extent, width: extent, channels: 1) else { return [] }
        return run.convolutions.map(\.shape)
    }

    /// What the rule picks for a worker's batch.
    private func choices(_ network: String, _ shapes: [ConvolutionShape], batch: Int) -> Set<Choice> {
        var choices: Set<Choice> = []
        for shape in shapes {
            for pass in ConvolutionPass.allCases {
                for call in calls(pass, shape, batch: batch) {
                    let algorithm = ConvolutionAlgorithm.chosen(for: shape.with(images: call.count), pass)
                    choices.insert(Choice(network: network, pass: pass, algorithm: algorithm))
                }
            }
        }
        return choices
    }

    private func calls(_ pass: ConvolutionPass, _ shape: ConvolutionShape, batch: Int) -> [Range<Int>] {
        pass == .weightGradient
            ? BatchLayout.weightGradientParts(of: 0..<batch, bytesPerImage: shape.bytesPerImage)
            : BatchLayout.slices(of: 0..<batch, bytesPerImage: shape.bytesPerImage)
    }

    /// On images of any size and batches of any size, for every network.
    func testTheCasesTakeEveryAlgorithmThatTheRuleCanPick() throws {
        var possible: Set<Choice> = []
        for network in Networks.catalogue.map(\.name) {
            for extent in 1...64 {
                let shapes = try convolutions(network, extent)
                for batch in 1...33 { possible.formUnion(choices(network, shapes, batch: batch)) }
            }
        }
        var taken: Set<Choice> = []
        for setting in VerificationCase.all {
            let shapes = try convolutions(setting.model, try setting.images.imageShape.height)
            for batch in Set(setting.shards.counts(workers: workers)) where batch > 0 {
                taken.formUnion(choices(setting.model, shapes, batch: batch))
            }
        }
        XCTAssertTrue(possible.subtracting(taken).isEmpty, "never taken: \(possible.subtracting(taken))")
        XCTAssertTrue(possible.contains { $0.algorithm == .direct })
        let isWinogradThere =
            InstructionSet.current.map { $0.rawValue & InstructionSet.avx512Core.rawValue }
            == InstructionSet.avx512Core.rawValue
        XCTAssertEqual(possible.count, Networks.catalogue.count * (isWinogradThere ? 6 : 3), "\(possible)")
    }

    /// Also with one image in a call, and with as many as a call takes.
    func testTheCasesTakeSeveralSlicesOfEverySizeThatMatters() throws {
        for network in Networks.catalogue.map(\.name) {
            for pass in ConvolutionPass.allCases {
                var slices: Set<Int> = []
                var sizes: Set<Int> = []
                for setting in VerificationCase.all where setting.model == network {
                    let shape = try XCTUnwrap(
                        convolutions(network, try setting.images.imageShape.height).last)
                    for batch in setting.shards.counts(workers: workers) {
                        let calls = calls(pass, shape, batch: batch)
                        slices.insert(calls.count)
                        sizes.formUnion(calls.map(\.count))
                    }
                }
                XCTAssertTrue(slices.isSuperset(of: [1, 2]), "\(network), \(pass): \(slices)")
                XCTAssertTrue(
                    sizes.isSuperset(of: [1, pass == .weightGradient ? 12 : 8]), "\(network), \(pass): \(sizes)")
            }
        }
    }

    func testEveryNetworkAndEveryNormOfTheDefaultTableIsTakenOnUsualImages() throws {
        let sliced = VerificationCase.all.filter { $0.shards == .sliced }
        for network in Networks.catalogue {
            XCTAssertEqual(
                sliced.filter { $0.model == network.name }.map(\.norm), Configuration().compare.norms, network.name)
        }
        XCTAssertEqual(
            try sliced.map { try $0.images.imageShape.description }, sliced.map { _ in "28×28×1" })
    }
}
