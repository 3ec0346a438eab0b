/// The settings cannot be used. All problems are collected, so that an operator sees them at once.
public struct SettingsError: OperatorError, Equatable {
    /// At least one, first those of reading, then those of the values in the order of the table.
    public let problems: [SettingProblem]

    /// One or more problems.
    public init(problems: [SettingProblem]) {
        self.problems = problems
    }

    /// `BAD_SETTINGS`.
    public var code: String { "BAD_SETTINGS" }
    /// One line a problem.
    public var message: String { problems.map(\.description).joined(separator: "\n") }
    /// 78.
    public var exitStatus: ExitStatus { .badSettings }
}
