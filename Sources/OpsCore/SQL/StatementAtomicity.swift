/// Whether a DDL statement happens as a whole or not at all when the server is killed in the middle of it.
///
/// MySQL and MariaDB promise it for a statement on one object. What this says about the rest is from MariaDB's manual on
/// atomic DDL, as MySQL promises more.
enum StatementAtomicity {
    /// - Parameter objects: what the statement names; nil where that is not known.
    static func isAtomic(_ text: [UInt8], naming objects: [NamedObject]?, dialect: ScriptDialect) -> Bool {
        guard let objects else { return false }
        return text.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes, dialect: dialect)
            switch tokens.next() {
            // Each table of a list is dropped by itself.
            case .word("DROP"): return objects.count == 1
            // One old and one new name.
            case .word("RENAME"): return objects.count == 2
            // The old table is dropped before the new one is made.
            case .word("CREATE"): return tokens.next() != .word("OR") || objects.allSatisfy { $0.kind == .view }
            // Partitions are changed one after the other.
            case .word("ALTER"): return !tokens.contains { $0 == .word("PARTITION") || $0 == .word("PARTITIONING") }
            default: return false
            }
        }
    }
}
