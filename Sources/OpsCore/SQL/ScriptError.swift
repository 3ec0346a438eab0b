/// A script that cannot be split into statements, with the place where the trouble began.
public struct ScriptError: OperatorError, Equatable {
    /// What is wrong.
    public enum Problem: String, Sendable {
        /// `'…` or `"…` without its end. The place is the opening quote.
        case unterminatedString = "SCRIPT_UNTERMINATED_STRING"
        /// `` `… `` without its end, or `"…` under ANSI_QUOTES. The place is the opening quote.
        case unterminatedName = "SCRIPT_UNTERMINATED_NAME"
        /// `/* …` without its end. The place is the opening mark.
        case unterminatedComment = "SCRIPT_UNTERMINATED_COMMENT"
        /// The script ends inside a statement while another delimiter than `;` is set. The place is the DELIMITER.
        case unfinishedDelimiterBlock = "SCRIPT_UNFINISHED_DELIMITER_BLOCK"
        /// DELIMITER without an argument, or one with a backslash, an open quote or too many bytes.
        case badDelimiter = "SCRIPT_BAD_DELIMITER"
        /// DELIMITER elsewhere than at the start of a line, where the client takes it for a part of a statement.
        case misplacedDelimiter = "SCRIPT_MISPLACED_DELIMITER"
        /// A backslash outside strings that starts no command, such as `\x`.
        case unknownCommand = "SCRIPT_UNKNOWN_COMMAND"
        /// A NUL byte, which the client refuses as well.
        case nulByte = "SCRIPT_NUL_BYTE"
        /// Not UTF-8 where UTF-8 was demanded. The place is the first bad sequence.
        case invalidUTF8 = "SCRIPT_NOT_UTF8"
    }

    /// What is wrong.
    public let problem: Problem
    /// The file, where the lexer was given one.
    public let path: String?
    /// Counted from 1.
    public let line: Int
    /// Counted from 1, in bytes.
    public let column: Int
    /// What is wrong, in lower case, without the place.
    public let detail: String

    init(_ problem: Problem, _ path: String?, at position: ScriptPosition, _ detail: String) {
        self.problem = problem
        self.path = path
        line = position.line
        column = position.column
        self.detail = detail
    }

    /// Stable, for programs.
    public var code: String { problem.rawValue }
    /// The place and what is wrong there: `004_width.sql:12:7: …`.
    public var message: String {
        path.map { "\($0):\(line):\(column): \(detail)" } ?? "line \(line), column \(column): \(detail)"
    }
    /// Bad input.
    public var exitStatus: ExitStatus { .badInput }
}
