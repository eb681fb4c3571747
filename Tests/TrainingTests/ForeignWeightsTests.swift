import Autograd
import MPI
import Safetensors
import Training
import XCTest

/// Weights as other programs save them: without counts, in other precisions, under the names of wrappers.
final class ForeignWeightsTests: TrainingTestCase {
    private func digest(_ file: TensorFile) throws -> String {
        let network = try network(.batch(.worker))
        try read(file).restore(network)
        return try state(network).digest
    }

    /// The same tensors, those of floating-point numbers changed.
    private func converted(_ file: TensorFile, _ convert: ([Float], [Int]) -> StoredTensor) throws -> TensorFile {
        var result = file
        for name in file.names {
            guard let tensor = file[name], tensor.elementType == .float32 else { continue }
            result[name] = convert(try file.floats(named: name), tensor.shape)
        }
        return result
    }

    /// PyTorch's batch norm counts batches since version 0.4.1. Statistics of nothing would be left out of pooled ones.
    func testRunningStatisticsWithoutACountAreThoseOfABatch() throws {
        let file = try golden("pytorch")
        var without = file
        for name in file.names where name.hasSuffix("num_batches_tracked") { without[name] = nil }
        let network = try network(.batch(.worker))
        try read(without).restore(network)
        for state in network.state {
            switch state.role {
            case .batchCount: XCTAssertEqual(state.counts, state.rows.map { _ in 1 }, state.name)
            case .runningMean:
                let values = try file.floats(named: "\(state.layer).running_mean")
                XCTAssertEqual(state.floats, state.rows.flatMap { _ in values }, state.name)
            default: break
            }
        }
    }

    func testWeightsOf64BitsAreRoundedToTheNearest() throws {
        let file = try golden("pytorch")
        // Less than half of the distance to the next number of 32 bits.
        let wide = try converted(file) { values, shape in
            StoredTensor(values.map { Double($0) * (1 + 0x1p-26) }, shape: shape)
        }
        XCTAssertEqual(try digest(wide), try digest(file))
    }

    func testWeightsOf16BitsAreReadExactly() throws {
        let file = try golden("pytorch")
        let half = try converted(file) { StoredTensor(float16: $0.map { Float16($0).bitPattern }, shape: $1) }
        let rounded = try converted(file) { StoredTensor($0.map { Float(Float16($0)) }, shape: $1) }
        XCTAssertEqual(try digest(half), try digest(rounded))
        XCTAssertNotEqual(try digest(half), try digest(file))

        func upperHalf(_ value: Float) -> UInt16 { UInt16(value.bitPattern >> 16) }
        let brain = try converted(file) { StoredTensor(bfloat16: $0.map(upperHalf), shape: $1) }
        let cut = try converted(file) { values, shape in
            StoredTensor(values.map { Float(bitPattern: $0.bitPattern & 0xffff_0000) }, shape: shape)
        }
        XCTAssertEqual(try digest(brain), try digest(cut))
        XCTAssertNotEqual(try digest(brain), try digest(file))
    }

    func testCountsOfOtherTypesAreRead() throws {
        let file = try golden("pytorch")
        let types: [StoredTensor] = [
            StoredTensor([100 as Int32], shape: []), StoredTensor([100 as UInt8], shape: []),
            StoredTensor([100 as Float], shape: []), StoredTensor([100.0], shape: []),
            StoredTensor(float16: [Float16(100).bitPattern], shape: []),
        ]
        for count in types {
            var other = file
            for name in file.names where name.hasSuffix("num_batches_tracked") { other[name] = count }
            XCTAssertEqual(try digest(other), try digest(file), "\(count.elementType)")
        }
    }

    func testTheNamesOfWrappersBeforeEveryNameAreTakenOff() throws {
        let file = try golden("pytorch")
        for prefix in ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."] {
            var wrapped = TensorFile()
            for name in file.names { wrapped[prefix + name] = file[name] }
            XCTAssertEqual(try digest(wrapped), try digest(file), prefix)

            // What is wrong is named as it is in the file.
            wrapped[prefix + "other"] = StoredTensor([1 as Float], shape: [1])
            let network = try network(.batch(.worker))
            for error in try errorsOfAllRanks({ try read(wrapped).restore(network) }) {
                XCTAssertTrue(error.contains("takes no tensor \(prefix)other"), error)
            }
        }
    }

    func testANetworkWithoutRunningStatisticsLeavesThoseOfAWrappedFileOut() throws {
        let file = try golden("pytorch")
        var wrapped = TensorFile()
        for name in file.names { wrapped["module.\(name)"] = file[name] }
        XCTAssertTrue(try read(wrapped).restore(network(.group)))
    }
}
