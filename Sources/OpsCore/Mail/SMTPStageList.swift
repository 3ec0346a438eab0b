/// The results of all stages in their order; those without one were skipped.
struct SMTPStageList: Sendable {
    private var results: [MailStage: SMTPStageResult] = [:]

    init(_ results: [SMTPStageResult] = []) { results.forEach { put($0) } }

    mutating func put(_ result: SMTPStageResult) { results[result.stage] = result }

    subscript(_ stage: MailStage) -> SMTPStageResult? {
        get { results[stage] }
        set { results[stage] = newValue }
    }

    var hasFailure: Bool { results.values.contains { $0.status == .fail } }

    var all: [SMTPStageResult] { MailStage.allCases.map { results[$0] ?? SMTPStageResult($0, .skip) } }
}
