/// The name of a trigger and its table, as its CREATE TRIGGER says.
struct TriggerPlace: Equatable {
    /// What the name stands in front of; nil without a qualifier.
    var schema: String?
    var name = ""
    var tableSchema: String?
    var table = ""

    /// Reads the script of a backup that makes one trigger; nil where it holds none.
    /// - Throws: ``ScriptError``.
    init?(script: [UInt8]) throws {
        for statement in try ObjectScript.statements(of: script) {
            if let place = TriggerPlace(statement: statement.text, dialect: statement.dialect) {
                self = place
                return
            }
        }
        return nil
    }

    /// Reads one statement; nil where it is none that makes a trigger.
    init?(statement bytes: [UInt8], dialect: ScriptDialect = ScriptDialect(), characterSet: String = "utf8mb4") {
        let tokens = SchemaTokens(bytes, dialect: dialect, characterSet: characterSet).lazy
            .filter { $0.kind != .comment && $0.kind != .versionMark }
        var rest = tokens.makeIterator()
        guard rest.next()?.keyword(in: bytes) == "create", Self.pass(to: "trigger", &rest, bytes) else { return nil }
        guard let name = Self.name(&rest, bytes), Self.pass(to: "on", &rest, bytes),
            let table = Self.name(&rest, bytes)
        else { return nil }
        (schema, self.name) = name
        (tableSchema, self.table) = table
    }

    private static func pass<Tokens: IteratorProtocol<SchemaTokens.Token>>(
        to keyword: String, _ tokens: inout Tokens, _ bytes: [UInt8]
    ) -> Bool {
        // Between CREATE and TRIGGER, and between the name and ON, there are only a few words.
        for _ in 0..<24 {
            guard let token = tokens.next() else { return false }
            if token.keyword(in: bytes) == keyword { return true }
        }
        return false
    }

    private static func name<Tokens: IteratorProtocol<SchemaTokens.Token>>(
        _ tokens: inout Tokens, _ bytes: [UInt8]
    ) -> (schema: String?, name: String)? {
        guard var first = tokens.next() else { return nil }
        if first.keyword(in: bytes) == "if" {
            for _ in 0..<3 { first = tokens.next() ?? first }
        }
        let text = String(decoding: first.identifier(in: bytes), as: UTF8.self)
        var rest = tokens
        guard rest.next()?.kind == .symbol(UInt8(ascii: ".")), let second = rest.next() else { return (nil, text) }
        tokens = rest
        return (text, String(decoding: second.identifier(in: bytes), as: UTF8.self))
    }
}
