/// One check: what it is called, and how its verdict is come by.
public struct Check: Sendable {
    /// Stable: it is used on command lines and in alerts.
    public let id: String
    public let title: String
    /// The longest time that it may take; afterwards it counts as an error and is left behind.
    public let deadline: Duration
    let run: @Sendable (PreflightContext) async throws -> CheckVerdict

    init(
        _ id: String, _ title: String, deadline: Duration = .seconds(15),
        _ run: @escaping @Sendable (PreflightContext) async throws -> CheckVerdict
    ) {
        self.id = id
        self.title = title
        self.deadline = deadline
        self.run = run
    }

    init<Observed: ObservedCheck>(_ observed: Observed.Type, deadline: Duration = .seconds(15)) {
        self.init(Observed.id, Observed.title, deadline: deadline) { context in
            Observed.judge(try await Observed.observe(context))
        }
    }

    /// The part of the id before the dash: the group.
    var group: String { String(id.prefix { $0 != "-" }) }
}

/// A check in its two halves: looking, which may fail, and judging, which is a pure function of what was seen.
protocol ObservedCheck: SendableMetatype {
    associatedtype Observation: Sendable
    static var id: String { get }
    static var title: String { get }
    /// Looks, and changes nothing.
    /// - Throws: ``CheckSkipped`` when the check does not apply; any other error when it could not be carried out.
    static func observe(_ context: PreflightContext) async throws -> Observation
    static func judge(_ observed: Observation) -> CheckVerdict
}
