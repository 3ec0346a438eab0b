/// Something is wrong with the migration files or with what the ledger says of them; nothing was changed.
public struct MigrationError: OperatorError, Equatable {
    public let code: String
    public let message: String
    public let hint: String?
    public let exitStatus: ExitStatus

    init(_ code: String, _ message: String, hint: String? = nil, exit: ExitStatus = .badInput) {
        self.code = code
        self.message = message
        self.hint = hint
        exitStatus = exit
    }

    static func missingFolder(_ directory: String) -> Self {
        Self(
            "MIGRATIONS_FOLDER_MISSING", "the migrations folder \(directory) does not exist",
            hint: "give the right one with --dir or MIGRATIONS_DIR")
    }

    static func unreadableFolder(_ directory: String, _ reason: String) -> Self {
        Self("MIGRATIONS_FOLDER_UNREADABLE", "cannot read the migrations folder \(directory): \(reason)")
    }

    static func emptyFolder(_ directory: String) -> Self {
        Self(
            "MIGRATIONS_FOLDER_EMPTY", "the migrations folder \(directory) holds no .sql file",
            hint: "make the first one with: sysndd-ctl migrate new NAME")
    }

    static func badName(_ name: String, directory: String) -> Self {
        Self(
            "MIGRATION_NAME_INVALID", "\(directory)/\(name) has no number in front of its name",
            hint: "name it NNN_what_it_does.sql, or move it out of the folder")
    }

    static func numberTooLarge(_ name: String, directory: String) -> Self {
        Self("MIGRATION_NUMBER_INVALID", "the number of \(directory)/\(name) is too large")
    }

    static func duplicates(_ groups: [[String]], directory: String) -> Self {
        let list = groups.map { $0.joined(separator: " and ") }.joined(separator: "; ")
        return Self(
            "MIGRATION_NUMBER_DUPLICATE", "\(directory) holds several files with the same number: \(list)",
            hint: "give each file a number of its own")
    }

    static func outOfOrder(_ names: [String], newest: String) -> Self {
        Self(
            "MIGRATION_OUT_OF_ORDER",
            "pending below the newest applied migration \(newest): \(names.joined(separator: ", "))",
            hint: "renumber above it, or run them with --allow-out-of-order")
    }

    static func unknownTarget(_ version: Int) -> Self {
        Self("MIGRATION_TARGET_UNKNOWN", "no migration has the number \(version) that --to names", exit: .usage)
    }

    static func emptyFile(_ path: String) -> Self {
        Self(
            "MIGRATION_EMPTY", "\(path) holds no statement",
            hint: "write its statements, or remove the file")
    }

    static func clientCommand(_ command: String, path: String, line: Int, column: Int) -> Self {
        Self(
            "MIGRATION_CLIENT_COMMAND",
            "\(path):\(line):\(column): \(command) is a command of the interactive client, not SQL",
            hint: "remove the line; only DELIMITER is understood")
    }

    static func ledgerShape(_ missing: [String]) -> Self {
        Self(
            "LEDGER_SHAPE", "the table schema_version lacks the column \(missing.joined(separator: ", "))",
            hint: "it must have filename, applied_at and success; rename it if it belongs to another tool",
            exit: .failed)
    }
}
