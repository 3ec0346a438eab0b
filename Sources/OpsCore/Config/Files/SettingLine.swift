/// What a line of a file says of one variable.
public struct SettingLine: Sendable, Equatable {
    /// The value, unquoted.
    public let value: String
    /// Its line, from 1.
    public let line: Int
}
