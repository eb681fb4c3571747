import COneDNN
import OneDNN
import XCTest

final class EnvironmentTests: XCTestCase {
    private static let modeVariables = ["DNNL_DEFAULT_FPMATH_MODE", "ONEDNN_DEFAULT_FPMATH_MODE"]

    func testVariablesThatDecideBitsAreToldInTheOrderOfTheirNames() throws {
        // The defaults, so that it doesn't matter if oneDNN should read them meanwhile.
        let variables = [
            "ONEDNN_MAX_CPU_ISA": "ALL", "DNNL_MAX_CPU_ISA": "ALL", "ONEDNN_DEFAULT_FPMATH_MODE": "STRICT",
            "DNNL_DEFAULT_FPMATH_MODE": "STRICT", "ONEDNN_CPU_ISA_HINTS": "NO_HINTS", "DNNL_CPU_ISA_HINTS": "",
        ]
        let before = OneDNNLibrary.environment
        defer {
            for name in variables.keys { unsetenv(name) }
            for (name, value) in before { setenv(name, value, 1) }
        }
        for name in variables.keys { unsetenv(name) }
        XCTAssertTrue(OneDNNLibrary.environment.isEmpty)
        for (name, value) in variables { setenv(name, value, 1) }
        XCTAssertEqual(OneDNNLibrary.environment.map(\.name), variables.keys.sorted())
        XCTAssertEqual(OneDNNLibrary.environment.map(\.value), ["", "STRICT", "ALL", "NO_HINTS", "STRICT", "ALL"])
    }

    /// oneDNN 2.6.3 makes use of the permission on few CPUs (not on one with AVX-512 and bfloat16, but without AMX), so
    /// that the bits alone can't show everywhere what the next test shows.
    func testFloatingPointModeOfTheEnvironmentChangesNoBits() throws {
        let test = "EnvironmentTests/testChildProcessTellsItsBits"
        let expected = bits(in: try ProcessOfItsOwn.run(test))
        XCTAssertEqual(expected.count, 9)
        for variable in Self.modeVariables {
            for mode in ["bf16", "any"] {
                let printed = try ProcessOfItsOwn.run(test, environment: [variable: mode])
                XCTAssertEqual(bits(in: printed), expected, "\(variable)=\(mode)")
            }
        }
    }

    private func bits(in printed: String) -> [Substring] {
        printed.split(separator: "\n").filter { $0.hasPrefix("bits of ") }
    }

    func testChildProcessTellsItsBits() throws {
        try ProcessOfItsOwn.require()
        for (name, values) in try computeEverything() {
            // FNV-1a.
            let digest = values.bits.reduce(14_695_981_039_346_656_037 as UInt64) {
                ($0 ^ UInt64($1)) &* 1_099_511_628_211
            }
            print("bits of \(name): \(digest)")
        }
    }

    func testFloatingPointModeIsStrictWhateverTheEnvironmentSays() throws {
        for variable in Self.modeVariables {
            let printed = try ProcessOfItsOwn.run(
                "EnvironmentTests/testChildProcessIsStrict", environment: [variable: "bf16", "ONEDNN_VERBOSE": "1"])
            let executed = printed.split(separator: "\n").filter { $0.hasPrefix("onednn_verbose,exec,") }
            for kind in ["convolution", "reorder", "pooling"] {
                XCTAssertTrue(executed.contains { $0.contains(",\(kind)") }, printed)
            }
            // oneDNN lists the attributes that are not the defaults of its own: the mode only unless it is strict.
            for line in executed {
                XCTAssertTrue(line.contains("attr-scratchpad:user"), "\(line)")
                XCTAssertFalse(line.contains("fpmath"), "\(line)")
            }
        }
    }

    func testChildProcessIsStrict() throws {
        try ProcessOfItsOwn.require()
        XCTAssertEqual(try defaultMode(), dnnl_fpmath_mode_bf16)
        _ = try matrixProduct()
        XCTAssertEqual(try defaultMode(), dnnl_fpmath_mode_strict)
        // As another user of oneDNN in this process might: primitives do not depend on the default.
        XCTAssertEqual(dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_bf16), dnnl_success)
        _ = try computeEverything()
    }

    private func defaultMode() throws -> dnnl_fpmath_mode_t {
        var mode = dnnl_fpmath_mode_any
        XCTAssertEqual(dnnl_get_default_fpmath_mode(&mode), dnnl_success)
        return mode
    }

    /// One of everything that computes, convolutions by either algorithm.
    private func computeEverything() throws -> [(name: String, values: Values)] {
        var results = [("matrix product", try matrixProduct())]
        for (extent, inputs, outputs) in [(14, 32, 32), (9, 7, 5)] {
            let shape = ConvolutionShape(
                images: 2, height: extent, width: extent, inputChannels: inputs, outputChannels: outputs, kernel: 3,
                padding: 1)
            let pass = try Pass(shape)
            results.append(("\(shape)", try pass.forward()))
            results.append(("the input gradient of the \(shape)", try pass.inputGradient()))
            results.append(("the weight gradient of the \(shape)", try pass.weightGradient()))
        }
        let shape = PoolingShape(images: 2, height: 8, width: 8, channels: 32)
        let forward = try MaxPoolingForward.cached(shape)
        let source = Values.random(shape.sourceCount, seed: 51)
        let (maxima, gradient) = (Values.unwritten(shape.destinationCount), Values.unwritten(shape.sourceCount))
        let workspace = UnsafeMutableRawPointer.allocate(byteCount: forward.workspaceBytes, alignment: 64)
        defer { workspace.deallocate() }
        try forward.execute(source: source.pointer, destination: maxima.pointer, workspace: workspace)
        try MaxPoolingGradient.cached(shape).execute(
            outputGradient: maxima.pointer, workspace: workspace, inputGradient: gradient.pointer)
        return results + [("\(shape)", maxima), ("the gradient of the \(shape)", gradient)]
    }

    private func matrixProduct() throws -> Values {
        let (left, right) = (Values.random(64 * 128, seed: 52), Values.random(128 * 48, seed: 53))
        let product = Values.unwritten(64 * 48)
        try MatrixProduct(rows: 64, columns: 48, terms: 128).execute(
            left: left.pointer, right: right.pointer, product: product.pointer)
        return product
    }
}
