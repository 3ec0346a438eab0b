/// A comment that stands before the first statement of a script.
public struct ScriptComment: Sendable, Equatable {
    /// The text without the comment marks and without white space around it.
    public let text: String
    /// The line on which the comment opens, counted from 1.
    public let line: Int
    /// The column of the opening mark, counted from 1 in bytes.
    public let column: Int
}
