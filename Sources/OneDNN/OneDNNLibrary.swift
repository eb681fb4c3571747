import COneDNN
import Glibc

/// The library that computes.
public enum OneDNNLibrary {
    /// Its version and the commit it was built from, such as `2.6.3 (52b5f107…)`.
    public static var version: String {
        guard let version = dnnl_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.patch) (\(String(cString: version.hash)))"
    }

    /// The environment variables that are set, sorted by name, of those by which a user can make oneDNN compute other
    /// bits: its instruction set (`MAX_CPU_ISA`), how it uses it (`CPU_ISA_HINTS`) and its default floating-point mode
    /// (`DEFAULT_FPMATH_MODE`), each with the prefix `DNNL_` or `ONEDNN_`.
    ///
    /// oneDNN reads them at its first use. Everything here asks for the strict floating-point mode whatever the last one
    /// says; it is told all the same, so that nobody need trust that every kernel obeys.
    public static var environment: [(name: String, value: String)] {
        ["DNNL_", "ONEDNN_"].flatMap { prefix in
            ["CPU_ISA_HINTS", "DEFAULT_FPMATH_MODE", "MAX_CPU_ISA"].compactMap { suffix in
                getenv(prefix + suffix).map { (prefix + suffix, String(cString: $0)) }
            }
        }
    }
}
