/// What all checks said, as `preflight` prints it.
public struct CheckReport: Codable, Sendable, Equatable {
    /// The worst of all.
    public let status: CheckStatus
    /// In the order of their ids' groups.
    public let checks: [CheckResult]

    public init(_ checks: [CheckResult]) {
        self.checks = checks
        status = checks.map(\.status).max() ?? .skip
    }

    /// The exit code of the command: 0, or 3 when something failed or could not be checked, or 4 for warnings when the
    /// operator wants to be stopped by them.
    public func exitCode(failOnWarnings: Bool) -> Int32 {
        switch status {
        case .fail, .error: 3
        case .warn: failOnWarnings ? 4 : 0
        case .pass, .skip: 0
        }
    }

    /// How many checks ended in each way.
    func count(_ status: CheckStatus) -> Int { checks.count { $0.status == status } }

    /// `50 passed, 2 warnings, …`, without what did not happen.
    var summary: String {
        [
            (count(.fail), "failed"), (count(.error), "could not be checked"), (count(.warn), "to be looked at"),
            (count(.pass), "passed"), (count(.skip), "skipped"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
