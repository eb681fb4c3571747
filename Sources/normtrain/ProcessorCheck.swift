import Files

/// Whether this CPU has the vector instructions that the kernels were compiled for: without them the program would end
/// with an illegal instruction, and no word of explanation.
enum ProcessorCheck {
    /// One sentence when it lacks some; nil when it has all.
    static var complaint: String? {
        guard let description = try? RegularFile.bytes(of: "/proc/cpuinfo") else { return nil }
        return complaint(processor: String(decoding: description, as: UTF8.self), needed: needed)
    }

    /// - Parameter processor: as the kernel describes it.
    static func complaint(processor: String, needed: [String]) -> String? {
        let line = processor.split(separator: "\n").first { $0.hasPrefix("flags") }
        guard let flags = line?.split(separator: " ") else { return nil }
        let missing = needed.filter { name in !flags.contains { $0 == name } }
        if missing.isEmpty { return nil }
        return """
            normtrain: this build needs a CPU with \(missing.joined(separator: ", ")), which this one lacks: build it \
            here with NORMTRAIN_MARCH=native.
            """
    }

    /// What the kernels were compiled for, in a word or two.
    #if !arch(x86_64)
        static let kernels = "any CPU of its kind"
    #elseif KERNELS_NEED_X86_64_V4
        static let kernels = "x86-64-v4"
    #elseif KERNELS_NEED_X86_64_V3
        static let kernels = "x86-64-v3"
    #elseif KERNELS_NEED_X86_64_V2
        static let kernels = "x86-64-v2"
    #else
        static let kernels = "the CPU that built them"
    #endif

    /// As the kernel names them in /proc/cpuinfo.
    #if KERNELS_NEED_X86_64_V4
        private static let needed = version3 + ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
    #elseif KERNELS_NEED_X86_64_V3
        private static let needed = version3
    #else
        // Built for the machine that it was built on.
        private static let needed: [String] = []
    #endif

    private static let version3 = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
}
