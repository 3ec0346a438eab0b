/// PREPARE and DEALLOCATE PREPARE, as far as a journal needs to know them.
enum PreparationStatement: Sendable, Equatable {
    /// The name in lower case, and the literal or variable that holds the statement, as it is written.
    case prepare(name: String, source: String)
    case deallocate(name: String)

    init?(_ text: [UInt8], dialect: ScriptDialect) {
        let found: Self? = text.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes, dialect: dialect)
            switch tokens.next() {
            case .word("PREPARE"):
                guard let name = tokens.nextRange(), tokens.next() == .word("FROM"), let source = tokens.nextRange()
                else { return nil }
                let rest = UnsafeRawBufferPointer(rebasing: bytes[source.lowerBound...])
                return .prepare(
                    name: tokens.name(at: name).lowercased(), source: String(decoding: rest, as: UTF8.self))
            case .word("DEALLOCATE"), .word("DROP"):
                guard tokens.next() == .word("PREPARE"), let name = tokens.nextRange() else { return nil }
                return .deallocate(name: tokens.name(at: name).lowercased())
            default: return nil
            }
        }
        guard let found else { return nil }
        self = found
    }
}
