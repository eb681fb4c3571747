import COneDNN

/// The vector instructions that oneDNN writes its kernels for, by their value in oneDNN's C interface.
///
/// Equal inputs give equal bits only where the instruction sets are equal.
public enum InstructionSet: UInt32, CaseIterable, Sendable, CustomStringConvertible {
    /// No limit: all that the CPU has. Never the answer of `current`.
    case all = 0x0
    /// SSE 4.1.
    case sse41 = 0x1
    /// AVX.
    case avx = 0x3
    /// AVX2 with FMA.
    case avx2 = 0x7
    /// AVX2 with VNNI.
    case avx2VNNI = 0x407
    /// AVX-512 F, CD, ER and PF (Xeon Phi).
    case avx512MIC = 0xf
    /// AVX-512 F, CD, ER, PF and the 4-operand instructions (Xeon Phi).
    case avx512MIC4Ops = 0x1f
    /// AVX-512 F, CD, BW, VL and DQ.
    case avx512Core = 0x27
    /// AVX-512 with VNNI.
    case avx512CoreVNNI = 0x67
    /// AVX-512 with bfloat16.
    case avx512CoreBF16 = 0xe7
    /// AVX-512 with AMX.
    case avx512CoreAMX = 0x3e7

    /// The name in oneDNN's own spelling, as the environment variable `DNNL_MAX_CPU_ISA` takes it in capitals.
    public var description: String {
        dnnl_cpu_isa2str(dnnl_cpu_isa_t(rawValue: rawValue)).map { String(cString: $0) } ?? "unknown"
    }

    /// What oneDNN uses in this process; nil if it names one that this list lacks.
    ///
    /// Asking makes oneDNN choose: `limit(to:)` must come before.
    public static var current: InstructionSet? { InstructionSet(rawValue: dnnl_get_effective_cpu_isa().rawValue) }

    /// Whether oneDNN uses all instructions of `other` in this process; chooses as `current` does.
    static func currentHas(_ other: InstructionSet) -> Bool {
        dnnl_get_effective_cpu_isa().rawValue & other.rawValue == other.rawValue
    }

    /// Lets oneDNN use at most this instruction set, for the whole process.
    ///
    /// A CPU that lacks it is not made to use it: read `current` afterwards.
    /// - Throws: `instructionSetAlreadyChosen` after `current` was read or anything was computed.
    public static func limit(to highest: InstructionSet) throws {
        let status = dnnl_set_max_cpu_isa(dnnl_cpu_isa_t(rawValue: highest.rawValue))
        if status == dnnl_invalid_arguments {
            throw OneDNNError.instructionSetAlreadyChosen(
                requested: highest.description, inUse: current?.description ?? "unknown")
        }
        try check(status, "dnnl_set_max_cpu_isa", for: highest.description)
    }
}
