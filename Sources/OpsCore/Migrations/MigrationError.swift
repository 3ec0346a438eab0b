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

    static func badDirective(_ text: String, path: String, line: Int) -> Self {
        Self(
            "MIGRATION_DIRECTIVE_UNKNOWN", "\(path):\(line): not a directive: sysndd:\(text)",
            hint: "there are: verify SELECT …, renamed-from FILE, lock-wait-timeout SECONDS, no-transaction")
    }

    static func changedDone(_ script: MigrationScript, ordinal: Int, line: Int) -> Self {
        let name = script.file.name
        return Self(
            "MIGRATION_CHANGED",
            "\(name): statement \(ordinal), which stood on line \(line), was done already and is another one now",
            hint: "put it back as it was and change only what comes after it, or run the whole file again with "
                + "sysndd-ctl migrate up --restart if it is written to run twice")
    }

    static func uncertain(_ script: MigrationScript, ordinal: Int, line: Int) -> Self {
        let name = script.file.name
        return Self(
            "MIGRATION_UNCERTAIN",
            "\(name):\(line): statement \(ordinal) was begun when the last run was cut off, and nothing tells "
                + "whether it took effect in full",
            hint: """
                look at the database, then either
                - it took effect: sysndd-ctl migrate repair --mark-done \(name):\(ordinal)
                - it did not: sysndd-ctl migrate repair --clear-failed \(name), then sysndd-ctl migrate
                """, exit: .failed)
    }

    static func postCondition(_ problem: String) -> Self {
        Self("MIGRATION_VERIFY_FAILED", "the post-condition does not hold: \(problem)", exit: .failed)
    }

    static func drifted(_ what: [String]) -> Self {
        Self(
            "MIGRATION_DRIFT", "applied files were changed since: \(what.joined(separator: "; "))",
            hint:
                "put each back as it was and make the change in a new file; where the database already is as the file "
                + "says now: sysndd-ctl migrate repair --accept-drift FILE")
    }

    static func unknownFile(_ name: String, directory: String) -> Self {
        Self("MIGRATION_FILE_UNKNOWN", "\(directory) holds no file \(name)", exit: .usage)
    }

    static func notApplied(_ name: String) -> Self {
        Self("MIGRATION_NOT_APPLIED", "\(name) is not applied", exit: .usage)
    }

    static func isApplied(_ name: String) -> Self {
        Self("MIGRATION_APPLIED", "\(name) is applied as a whole", exit: .usage)
    }

    static func notNext(_ name: String, ordinal: Int, next: Int, count: Int) -> Self {
        Self(
            "MIGRATION_NOT_NEXT",
            "statement \(ordinal) of \(name) is not the next one: \(next - 1) of \(count) are done",
            hint: "statements are done one after the other; see sysndd-ctl migrate status", exit: .usage)
    }

    static func nothingToAdopt(_ database: String) -> Self {
        Self(
            "MIGRATION_BASELINE_EMPTY", "the database \(database) holds no table, so no migration was applied to it",
            hint: "apply them with: sysndd-ctl migrate", exit: .failed)
    }

    static func isHalfDone(_ name: String) -> Self {
        Self(
            "MIGRATION_HALF_DONE", "\(name) was begun and stopped; it cannot be taken for applied",
            hint:
                "finish it with sysndd-ctl migrate, or forget it with sysndd-ctl migrate repair --clear-failed \(name)",
            exit: .failed)
    }
}
