/// The version of this toolkit, as it is shown and recorded.
public enum ToolVersion {
    /// Semantic version.
    public static let current = "0.1.0"
}
