/// What a script is made of, once comments, empty statements and DELIMITER are gone.
public enum ScriptItem: Sendable, Equatable {
    /// What is sent to the server.
    case statement(ScriptStatement)
    /// A command for the `mariadb` program itself. Nothing here carries it out; the caller refuses or ignores it.
    case clientCommand(ScriptClientCommand)
}

/// ``ScriptItem`` without a copy of the text; the pointer is valid only inside the closure that receives it.
public enum BorrowedScriptItem {
    /// What is sent to the server.
    case statement(text: UnsafeRawBufferPointer, location: ScriptLocation)
    /// A command for the `mariadb` program itself.
    case clientCommand(ScriptClientCommand)
}

/// A command for the `mariadb` program: `source x`, `\! ls`, `quit`.
public struct ScriptClientCommand: Sendable, Equatable {
    /// As written, in lower case when it is a word: `source`, `\!`.
    public let name: String
    /// What follows the command, without white space around it; empty when there is nothing.
    public let arguments: String
    /// Counted from 1.
    public let line: Int
    /// Counted from 1, in bytes.
    public let column: Int
}
