/// The variables of an `.env` file.
///
/// - `KEY=value`, with or without `export` before it; blanks around `=` and at the ends of the value do not count.
/// - `'…'` is literal, `"…"` knows `\n`, `\r`, `\t`, `\"`, `\\` and `\$` and keeps any other backslash; both may span lines.
/// - A comment is a line that begins with `#`, or the rest of a line from a `#` with a blank before it.
/// - A `$` is only a dollar sign: no variable is expanded, so that a password means the same everywhere.
/// - A byte order mark and CRLF line ends are taken; when a key comes twice, the last one holds.
public struct DotEnvFile: Sendable, Equatable {
    /// By name of the variable.
    public let entries: [String: SettingLine]

    /// - Parameter file: how the file is called in errors.
    /// - Throws: ``SettingsError`` with one problem for each line that is none of the above, without its content.
    public init(parsing text: String, file: String) throws(SettingsError) {
        var parser = DotEnvParser(text, file: file)
        parser.parse()
        guard parser.problems.isEmpty else { throw SettingsError(problems: parser.problems) }
        entries = parser.entries
    }
}
