import Foundation
import Glibc
import OpsCore

/// Asks for a password on a terminal, which shows nothing of it.
enum PasswordPrompt {
    /// What was typed; nil without a terminal, and for nothing typed.
    /// - Throws: ``AccountError`` when it was not typed twice alike.
    static func ask() throws -> String? {
        guard isatty(STDIN_FILENO) != 0, let first = read("password, or nothing to have one made: "), !first.isEmpty
        else { return nil }
        guard read("the same again: ") == first else {
            throw AccountError(.badPassword, "the two passwords differ")
        }
        return first
    }

    /// Reads one line with the echo turned off, and turns it on again whatever happens.
    private static func read(_ prompt: String) -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else { return nil }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            Output.note("")
        }
        try? FileHandle.standardError.write(contentsOf: Data(prompt.utf8))
        return readLine()
    }
}
