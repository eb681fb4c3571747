import COneDNN

/// The library that computes.
public enum OneDNNLibrary {
    /// Its version and the commit it was built from, such as `2.6.3 (52b5f107…)`.
    public static var version: String {
        guard let version = dnnl_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.patch) (\(String(cString: version.hash)))"
    }
}
