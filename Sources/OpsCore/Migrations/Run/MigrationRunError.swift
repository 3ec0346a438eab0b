/// Ends a migration run that applied some files and failed in one.
public struct MigrationRunError: OperatorError {
    /// What the run did before, with the failure.
    public let result: MigrationResult
    let failure: MigrationFailure
    let cause: any OperatorError
    private let outcome: MigrationRunner.Outcome

    /// - Parameter latest: the file that was applied last.
    init(
        _ stop: MigrationRunner.Stop, of script: MigrationScript, behind latest: String?, after run: MigrationResult
    ) {
        failure = MigrationFailure(stop, of: script, behind: latest)
        cause = stop.cause
        outcome = stop.outcome
        var result = run
        result.failure = failure
        self.result = result
    }

    private var kind: DatabaseError.Kind? { (cause as? DatabaseError)?.kind }

    public var code: String {
        if cause is MigrationError { return cause.code }
        return kind == .interrupted ? "MIGRATION_INTERRUPTED" : "MIGRATION_FAILED"
    }
    public var exitStatus: ExitStatus {
        switch kind {
        case .unreachable, .interrupted, .lockWaitTimeout, .accessDenied: cause.exitStatus
        default: .failed
        }
    }
    public var message: String {
        let number = failure.code == 0 ? "" : " (\(failure.code), \(failure.sqlstate))"
        let isVerify = failure.statementIndex > failure.statementCount
        let what =
            isVerify || outcome == .recorded
            ? "" : "statement \(failure.statementIndex) of \(failure.statementCount) failed: "
        return """
            \(failure.file):\(failure.line):\(failure.column): \(what)\(failure.message)\(number)
            \(failure.statement)
            \(committedText)
            \(schemaText)
            """
    }
    public var hint: String? { failure.choices.map { "- " + $0 }.joined(separator: "\n") }

    private var committedText: String {
        let indexes = failure.committed.map(\.index)
        guard let last = indexes.last else {
            return outcome == .unknown
                ? "no statement of this file is known to be committed" : "no statement of this file is committed"
        }
        let range = last > 3 ? "1 to \(last)" : indexes.map(String.init).joined(separator: ", ")
        return "committed and in force: statement \(range) of \(failure.statementCount)"
    }
    private var schemaText: String {
        switch (failure.schemaAfter, failure.schemaBefore) {
        case (let after?, let before?): "the schema stands between \(after) and \(before)"
        case (let after?, nil): "the schema is that of \(after)"
        case (nil, let before?): "the schema stands before \(before), the first file"
        case (nil, nil): "the schema is that before the first file"
        }
    }
}
