import Kernels

/// The gradients of all workers, added up as integers: multiples of a unit that follows each parameter's own gradients
/// (`FixedPointGradient`), so that a loss times a power of two gives the same bits up to that power.
///
/// Shares that have no unit yet, in the first step for example, or that are too large for it are added up apart, in the
/// wide digits of `FixedPointSum.gradients`, which hold every finite Float. These take a second message, in the steps that
/// need it: every rank knows, because the first message counts such shares.
final class ExactGradientSum: GradientSum {
    private let transport: any Transport
    private let purpose: String
    private let sizes: [Int]
    /// Where each parameter begins among the values of all.
    private let offsets: [Int]
    private var units: [FixedPointGradient?]
    /// Sums in units, of all parameters, and behind them the counts and the loss.
    private let message: UnsafeMutableBufferPointer<Int64>
    /// The digits of the shares that are added up apart, by parameter; empty in most steps.
    private var wideSums: [Int: UnsafeMutableBufferPointer<Int64>] = [:]

    /// Copied in front of loops: it is made at its first use, and each use asks whether this was.
    private static let wide = FixedPointSum.gradients

    init(sizes: [Int], transport: any Transport, purpose: String) {
        self.transport = transport
        self.purpose = purpose
        self.sizes = sizes
        (offsets, lostOffset) = Workers.offsets(ofSizes: sizes)
        units = sizes.map { _ in nil }
        message = .allocate(capacity: lostOffset + 2 * sizes.count + Self.wide.digitCount + 2)
        message.initialize(repeating: 0)
    }

    deinit {
        message.deallocate()
        freeWideSums()
    }

    // The places behind the sums: shares of each parameter that were lost, shares that were added up apart, the loss,
    // lost losses, and ranks that want to stop.
    private let lostOffset: Int
    private var wideOffset: Int { lostOffset + sizes.count }
    private var lossOffset: Int { wideOffset + sizes.count }
    private var lostLossOffset: Int { lossOffset + Self.wide.digitCount }
    private var stopOffset: Int { lostLossOffset + 1 }

    func begin() {
        message.update(repeating: 0)
        freeWideSums()
    }

    private func freeWideSums() {
        for sums in wideSums.values { sums.deallocate() }
        wideSums = [:]
    }

    func add(_ share: UnsafePointer<Float>, toParameter index: Int) {
        guard let start = message.baseAddress else { return }
        if let unit = units[index], unit.add(share, count: sizes[index], to: start + offsets[index]) { return }
        addApart(share, index)
    }

    private func addApart(_ share: UnsafePointer<Float>, _ index: Int) {
        let values = UnsafeBufferPointer(start: share, count: sizes[index])
        guard values.allSatisfy(\.isFinite) else { return markLost(index) }
        // Nothing to add, and so nothing that other ranks would have to know of.
        guard values.contains(where: { $0 != 0 }), let digits = wideSum(index).baseAddress else { return }
        let wide = Self.wide
        for (place, value) in values.enumerated() where value != 0 {
            _ = wide.add(Double(value), to: digits + place * wide.digitCount)
        }
        message[wideOffset + index] += 1
    }

    private func wideSum(_ index: Int) -> UnsafeMutableBufferPointer<Int64> {
        if let sum = wideSums[index] { return sum }
        let sum = UnsafeMutableBufferPointer<Int64>.allocate(capacity: sizes[index] * Self.wide.digitCount)
        sum.initialize(repeating: 0)
        wideSums[index] = sum
        return sum
    }

    func add(loss: Double) {
        guard let start = message.baseAddress else { return }
        if !Self.wide.add(loss, to: start + lossOffset) { message[lostLossOffset] += 1 }
    }

    func markLost(_ index: Int) { message[lostOffset + index] += 1 }

    func requestStop() { message[stopOffset] = 1 }

    func reduce(into gradient: (Int) -> UnsafeMutablePointer<Float>) throws -> StepSums {
        try transport.sum(message, for: purpose)
        guard let start = message.baseAddress else { preconditionFailure("a message without content") }
        // The same parameters on every rank, in the same order.
        for index in sizes.indices where message[wideOffset + index] > 0 {
            try transport.sum(wideSum(index), for: purpose)
        }
        for index in sizes.indices {
            let largest =
                message[wideOffset + index] > 0
                ? decodeApart(index, into: gradient(index))
                : decode(index, into: gradient(index))
            if !largest.isFinite { markLost(index) }
            // A step without any gradient says nothing about the scale of the next.
            if let unit = FixedPointGradient(largest: largest) { units[index] = unit }
        }
        return StepSums(
            loss: message[lostLossOffset] > 0 ? .nan : Self.wide.value(of: start + lossOffset),
            lostParameter: sizes.indices.first { message[lostOffset + $0] > 0 }, wantsStop: message[stopOffset] > 0)
    }

    private func decode(_ index: Int, into gradient: UnsafeMutablePointer<Float>) -> Float {
        guard let unit = units[index], let start = message.baseAddress else {
            gradient.update(repeating: 0, count: sizes[index])
            return 0
        }
        return unit.gradient(of: start + offsets[index], count: sizes[index], into: gradient)
    }

    private func decodeApart(_ index: Int, into gradient: UnsafeMutablePointer<Float>) -> Float {
        guard let digits = wideSum(index).baseAddress else { return 0 }
        let (wide, unit) = (Self.wide, units[index]?.unit ?? 0)
        var largest: Float = 0
        for place in 0..<sizes[index] {
            let sum = digits + place * wide.digitCount
            let units = message[offsets[index] + place]
            // In two parts that a Double holds exactly; of a sum that no Float holds the first one doesn't fit.
            guard wide.add(Double(units >> 31) * (unit * 0x1p31), to: sum),
                wide.add(Double(units & 0x7FFF_FFFF) * unit, to: sum)
            else { return .infinity }
            gradient[place] = Float(wide.value(of: sum))
            largest = max(largest, abs(gradient[place]))
        }
        return largest
    }

    /// The exponent of each parameter's unit; one below all that are possible where there is none yet.
    var memory: [Int64] {
        get { units.map { Int64($0?.unitExponent ?? Self.noExponent) } }
        set {
            units = newValue.map { Int($0) == Self.noExponent ? nil : FixedPointGradient(unitExponent: Int($0)) }
        }
    }

    private static let noExponent = -1000
}
