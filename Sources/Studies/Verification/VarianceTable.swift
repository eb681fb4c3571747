import Foundation
import Kernels
import Reports

/// How far each way to compute a variance errs, against two passes in Double, the further the mean lies from zero.
struct VarianceTable: CustomStringConvertible {
    static let ratios = [1.0, 10, 100, 1e3, 1e4]
    private static let valueCount = 25_088
    private static let formulas: [(formula: VarianceFormula, name: String)] = [
        (.naiveFloat, "Σx²/N − (Σx/N)² in Float"), (.chanFloat, "Chan's updates in Float"),
        (.momentsDouble, "Σx²/N − (Σx/N)² in Double"), (.pivotedMoments, "the same on x − K, as normtrain trains"),
    ]

    /// The relative error of a formula's variance for normal values with mean/deviation `ratio`.
    static func relativeError(of formula: VarianceFormula, ratio: Double) -> Double {
        var generator = SeededGenerator(seed: 1, for: "variance")
        let values = (0..<valueCount).map { _ in Float(ratio + generator.nextNormal()) }
        return values.withUnsafeBufferPointer { values in
            let expected = VarianceFormula.twoPass(values).variance
            return abs(formula(values).variance - expected) / expected
        }
    }

    var description: String {
        TextTable(
            header: ["relative error of the variance, by mean/deviation"]
                + Self.ratios.map { String(format: "%.0f", $0) },
            rows: Self.formulas.map { formula, name in
                [name] + Self.ratios.map { String(format: "%.0e", Self.relativeError(of: formula, ratio: $0)) }
            }, names: 1
        ).description
    }
}
