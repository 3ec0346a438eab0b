/// Who did what, when and from where, and what came of it.
public struct AuditRecord: Sendable, Equatable, Codable {
    /// ISO 8601 in UTC by the server's clock; empty until it has been written.
    public var at = ""
    /// The account's name; empty for a call without a token.
    public var account: String
    public var role: String
    /// What was asked for: method and path.
    public var action: String
    /// What it was done to, such as the name of a file or a job's id; empty where the action says it.
    public var subject: String
    /// Where the call came from, as far as it is known.
    public var address: String
    /// The status of the answer.
    public var status: Int
    /// Leads to the log lines of the request.
    public var requestID: String

    public init(
        account: String, role: String, action: String, subject: String, address: String, status: Int, requestID: String
    ) {
        self.account = account
        self.role = role
        self.action = action
        self.subject = subject
        self.address = address
        self.status = status
        self.requestID = requestID
    }
}
