/// Runs a piece of SQL text as the plain client would, without one.
enum RestoreScript {
    /// Runs the statements one after another, each read in the dialect that the session has by then.
    /// - Parameter isWanted: leaves out the kinds for which it is false.
    /// - Throws: ``DatabaseError``, ``ScriptError``; ``RestoreError`` for a command of the client.
    static func run(
        _ sql: [UInt8], _ session: MariaDBHandle, where isWanted: (StatementKind) -> Bool = { _ in true }
    ) throws {
        var lexer = ScriptLexer(bytes: sql, dialect: session.dialect)
        while true {
            let more: Void? = try lexer.withNext { item in
                switch item {
                case .statement(let text, _):
                    if isWanted(StatementKind(of: text)) { try session.execute(bytes: text) }
                case .clientCommand(let command):
                    throw RestoreError(
                        "RESTORE_CLIENT_COMMAND", "line \(command.line) is a command of the client: \(command.name)",
                        exit: .badInput)
                }
            }
            if more == nil { return }
            lexer.dialect = session.dialect
        }
    }
}
