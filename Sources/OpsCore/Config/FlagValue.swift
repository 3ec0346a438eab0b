/// The value of a command-line flag that sets a variable.
public struct FlagValue: Sendable, Equatable {
    /// The flag as it was typed, such as `--port`; it is named in errors and in the report.
    public let flag: String
    /// The value as it was typed.
    public let value: String

    /// A flag and its value, as typed.
    public init(flag: String, value: String) {
        self.flag = flag
        self.value = value
    }
}
