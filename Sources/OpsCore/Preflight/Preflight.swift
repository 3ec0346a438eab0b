/// Runs the checks, all at the same time, each with a deadline of its own. Nothing that it does changes anything.
public struct Preflight: Sendable {
    let context: PreflightContext
    let checks: [Check]

    public init(_ options: PreflightOptions) {
        self.init(PreflightContext(options), checks: Self.allChecks)
    }

    init(_ context: PreflightContext, checks: [Check]) {
        self.context = context
        self.checks = checks
    }

    /// - Throws: ``PreflightError`` for an unknown name; `CancellationError`. Whatever else goes wrong is in the report.
    public func run(_ selection: CheckSelection = CheckSelection()) async throws -> CheckReport {
        try selection.validate(against: checks)
        let chosen = checks.filter(selection.includes)
        let results = await withTaskGroup(of: (Int, CheckResult).self) { group in
            for (position, check) in chosen.enumerated() {
                group.addTask {
                    guard !selection.leavesOut(check) else {
                        let verdict = CheckVerdict(.skip, selection.skipReason, expected: "")
                        return (position, CheckResult(check, verdict, ms: 0))
                    }
                    return (position, await CheckRun(check, context).result())
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await context.close()
        try Task.checkCancellation()
        return CheckReport(results.sorted { $0.0 < $1.0 }.map(\.1))
    }
}
