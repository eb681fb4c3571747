/// The value that a standard normal variable stays below with the given probability, to about 16 digits.
///
/// Rational approximations in three ranges: M. Wichura, "Algorithm AS 241: The Percentage Points of the Normal
/// Distribution" (PPND16), Applied Statistics 37(3), 1988. Only additions, multiplications, divisions and square
/// roots take part, which IEEE 754 rounds alike everywhere, so that equal seeds give equal bits.
///
/// - Parameter probability: above 0 and below 1.
public func normalQuantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "\(probability) is not between 0 and 1")
    let fromMedian = probability - 0.5
    if fromMedian.magnitude <= 0.425 {
        return fromMedian * central.value(at: 0.180625 - fromMedian * fromMedian)
    }
    let tailProbability = fromMedian < 0 ? probability : 1 - probability
    let depth = (-naturalLogarithm(tailProbability)).squareRoot()
    let magnitude = depth <= 5 ? tail.value(at: depth - 1.6) : farTail.value(at: depth - 5)
    return fromMedian < 0 ? -magnitude : magnitude
}

/// A quotient of two polynomials, their coefficients from the constant term upwards.
private struct RationalFunction: Sendable {
    let numerator: [Double]
    let denominator: [Double]

    func value(at point: Double) -> Double {
        horner(numerator, point) / horner(denominator, point)
    }

    private func horner(_ coefficients: [Double], _ point: Double) -> Double {
        var sum = 0.0
        for coefficient in coefficients.reversed() {
            sum = sum * point + coefficient
        }
        return sum
    }
}

/// |p − ½| ≤ 0.425, by 0.425² − (p − ½)².
private let central = RationalFunction(
    numerator: [
        3.38713_28727_96366_6080, 1.33141_66789_17843_7745e2,
        1.97159_09503_06551_4427e3, 1.37316_93765_50946_1125e4,
        4.59219_53931_54987_1457e4, 6.72657_70927_00870_0853e4,
        3.34305_75583_58812_8105e4, 2.50908_09287_30122_6727e3,
    ],
    denominator: [
        1.0, 4.23133_30701_60091_1252e1,
        6.87187_00749_20579_0830e2, 5.39419_60214_24751_1077e3,
        2.12137_94301_58659_5867e4, 3.93078_95800_09271_0610e4,
        2.87290_85735_72194_2674e4, 5.22649_52788_52854_5610e3,
    ])

/// Tail probabilities down to e⁻²⁵, by √(−ln p) − 1.6.
private let tail = RationalFunction(
    numerator: [
        1.42343_71107_49683_57734, 4.63033_78461_56545_29590,
        5.76949_72214_60691_40550, 3.64784_83247_63204_60504,
        1.27045_82524_52368_38258, 2.41780_72517_74506_11770e-1,
        2.27238_44989_26918_45833e-2, 7.74545_01427_83414_07640e-4,
    ],
    denominator: [
        1.0, 2.05319_16266_37758_82187,
        1.67638_48301_83803_84940, 6.89767_33498_51000_04550e-1,
        1.48103_97642_74800_74590e-1, 1.51986_66563_61645_71966e-2,
        5.47593_80849_95344_94600e-4, 1.05075_00716_44416_84324e-9,
    ])

/// Beyond, by √(−ln p) − 5.
private let farTail = RationalFunction(
    numerator: [
        6.65790_46435_01103_77720, 5.46378_49111_64114_36990,
        1.78482_65399_17291_33580, 2.96560_57182_85048_91230e-1,
        2.65321_89526_57612_30930e-2, 1.24266_09473_88078_43860e-3,
        2.71155_55687_43487_57815e-5, 2.01033_43992_92288_13265e-7,
    ],
    denominator: [
        1.0, 5.99832_20655_58879_37690e-1,
        1.36929_88092_27358_05310e-1, 1.48753_61290_85061_48525e-2,
        7.86869_13114_56132_59100e-4, 1.84631_83175_10054_68180e-5,
        1.42151_17583_16445_88870e-7, 2.04426_31033_89939_78564e-15,
    ])
