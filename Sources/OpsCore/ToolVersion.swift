import Foundation

/// The version of this toolkit, as it is shown and recorded.
public enum ToolVersion {
    /// Semantic version.
    public static let current = "0.1.0"
    /// The source that the program was built from, as its package or image says in SYSNDD_COMMIT; `unknown` without.
    public static let commit = ProcessInfo.processInfo.environment["SYSNDD_COMMIT"] ?? "unknown"
}
