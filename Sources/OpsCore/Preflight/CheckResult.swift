/// How one check ended.
public struct CheckResult: Codable, Sendable, Equatable {
    public let id: String
    public let title: String
    public let status: CheckStatus
    /// What was found.
    public let observed: String
    /// What would be right.
    public let expected: String
    /// What to type or to do.
    @EncodedAsNull public var remedy: String?
    /// How long it took.
    public let ms: Int

    init(_ check: Check, _ verdict: CheckVerdict, ms: Int) {
        id = check.id
        title = check.title
        status = verdict.status
        observed = verdict.observed
        expected = verdict.expected
        remedy = verdict.remedy
        self.ms = ms
    }

    /// The part of the id before the dash.
    var group: String { String(id.prefix { $0 != "-" }) }
}
