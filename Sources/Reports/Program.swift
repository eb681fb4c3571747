/// This program, as run folders and reports name it.
public enum Program {
    /// Its version (semver.org): a release changes it here and nowhere else.
    public static let version = "0.10.0"
}
