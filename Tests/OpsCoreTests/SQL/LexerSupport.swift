import OpsCore

/// The items of a script, fed in chunks of the given size.
func items(
    of script: String, dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false, chunkSize: Int = .max
) throws -> [ScriptItem] {
    try items(of: Array(script.utf8), dialect: dialect, requireUTF8: requireUTF8, chunkSize: chunkSize)
}

func items(
    of script: [UInt8], dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false, chunkSize: Int = .max
) throws -> [ScriptItem] {
    var lexer = ScriptLexer(
        source: MemoryByteSource(script, chunkSize: chunkSize), dialect: dialect, requireUTF8: requireUTF8)
    var items: [ScriptItem] = []
    while let item = try lexer.next() { items.append(item) }
    return items
}

/// The items as text: statements as they are, client commands in angle brackets.
func split(_ script: String, dialect: ScriptDialect = ScriptDialect()) throws -> [String] {
    try items(of: script, dialect: dialect).map(\.shown)
}

func statements(of script: String) throws -> [ScriptStatement] {
    try items(of: script).compactMap { if case .statement(let statement) = $0 { statement } else { nil } }
}

/// The error that a script ends with, nil where there is none.
func scriptError(
    of script: [UInt8], dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false, chunkSize: Int = .max
) -> ScriptError? {
    do {
        _ = try items(of: script, dialect: dialect, requireUTF8: requireUTF8, chunkSize: chunkSize)
        return nil
    } catch {
        return error as? ScriptError
    }
}

extension ScriptItem {
    var shown: String {
        switch self {
        case .statement(let statement): statement.sql
        case .clientCommand(let command):
            command.arguments.isEmpty ? "<\(command.name)>" : "<\(command.name) \(command.arguments)>"
        }
    }
}
