/// What a check has to say, decided from observed values alone.
public struct CheckVerdict: Sendable, Equatable {
    public let status: CheckStatus
    /// What was found; may have several lines.
    public let observed: String
    /// What would be right.
    public let expected: String
    /// What to type or to do; nil when nothing is to be done.
    public let remedy: String?

    public init(_ status: CheckStatus, _ observed: String, expected: String, remedy: String? = nil) {
        self.status = status
        self.observed = observed
        self.expected = expected
        self.remedy = status == .pass ? nil : remedy
    }

    static func pass(_ observed: String, expected: String) -> Self { Self(.pass, observed, expected: expected) }
    static func warn(_ observed: String, expected: String, remedy: String) -> Self {
        Self(.warn, observed, expected: expected, remedy: remedy)
    }
    static func fail(_ observed: String, expected: String, remedy: String) -> Self {
        Self(.fail, observed, expected: expected, remedy: remedy)
    }

    /// The worst of several findings; those that are as bad are told together.
    /// - Parameter expected: what would be right, whatever was found.
    static func worst(of findings: [Finding], otherwise observed: String, expected: String) -> Self {
        guard let status = findings.map(\.status).max() else { return .pass(observed, expected: expected) }
        let ordered = findings.sorted { $0.status > $1.status }
        return Self(
            status, ordered.map(\.observed).joined(separator: "\n"), expected: expected,
            remedy: ordered.map(\.remedy).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: "\n"))
    }

    /// One thing that is wrong.
    struct Finding: Sendable, Equatable {
        let status: CheckStatus
        let observed: String
        let remedy: String

        init(_ status: CheckStatus, _ observed: String, remedy: String) {
            self.status = status
            self.observed = observed
            self.remedy = remedy
        }
    }
}

/// A check does not apply here.
struct CheckSkipped: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A check cannot be carried out.
struct CheckNotPossible: Error {
    let reason: String
    let remedy: String?

    init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }
}
