/// Which checks are to run, by id (`DB-030`) or by group (`DB`).
public struct CheckSelection: Sendable, Equatable {
    /// Only these; empty for all.
    public var only: [String]
    /// All but these; they are shown as skipped.
    public var skip: [String]
    /// Why, as the report tells.
    public var skipReason: String

    public init(only: [String] = [], skip: [String] = [], skipReason: String = "left out with --skip") {
        self.only = only
        self.skip = skip
        self.skipReason = skipReason
    }

    /// Without what reads the newest backup from end to end, unless that is asked for by its own id: for a caller that
    /// cannot wait for minutes.
    public static func quick(only: [String]) -> CheckSelection {
        let long = BackupChecks.Checksums.id
        guard !only.contains(where: { $0.uppercased() == long }) else { return CheckSelection(only: only) }
        return CheckSelection(
            only: only, skip: [long],
            skipReason: "may take minutes: ask for \(long) by its name, or run sysndd-ctl preflight")
    }

    /// - Throws: ``PreflightError`` for a name that no check and no group has: a misspelt name must not pass.
    func validate(against checks: [Check]) throws(PreflightError) {
        let known = Set(checks.map(\.id) + checks.map(\.group))
        let unknown = (only + skip).filter { !known.contains($0.uppercased()) }
        guard unknown.isEmpty else { throw PreflightError(unknown: unknown, groups: checks.map(\.group)) }
    }

    func includes(_ check: Check) -> Bool { only.isEmpty || Self.names(only, check) }
    func leavesOut(_ check: Check) -> Bool { Self.names(skip, check) }

    private static func names(_ list: [String], _ check: Check) -> Bool {
        list.contains { $0.uppercased() == check.id || $0.uppercased() == check.group }
    }
}

/// `--only` or `--skip` names something that does not exist.
public struct PreflightError: OperatorError, Equatable {
    public let message: String
    public let hint: String?

    init(unknown: [String], groups: [String]) {
        let known = groups.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        message = "no check and no group is called \(unknown.joined(separator: ", "))"
        hint = "groups are \(known.joined(separator: ", ")); `sysndd-ctl preflight` shows the ids"
    }

    public var code: String { "CHECK_UNKNOWN" }
    public var exitStatus: ExitStatus { .usage }
}
