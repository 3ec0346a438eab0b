import Foundation

/// Drives the life of one account over HTTP: sign-up, approval, sign-in, reset of the password, removal. It needs an API
/// that speaks SysNDD's contract and a mail capture with Mailpit's API that gets that API's mail, and nothing of this
/// program on the other side.
public struct LifecycleTest: Sendable {
    /// The API's address, such as `http://127.0.0.1:7777`.
    let api: String
    /// The mail capture's address, such as `http://127.0.0.1:8025`.
    let mailbox: String
    let administratorToken: Secret
    /// How long to wait for each mail.
    let patience: Duration

    /// - Throws: ``AccountError`` of kind `badInput` for an address that is none.
    public init(
        api: String, mailbox: String, administratorToken: Secret, patience: Duration = .seconds(30)
    ) throws(AccountError) {
        self.api = try Self.base(api, "--api")
        self.mailbox = try Self.base(mailbox, "--mailpit-url")
        self.administratorToken = Secret(
            administratorToken.exposed.trimmingCharacters(in: .whitespacesAndNewlines))
        self.patience = patience
    }

    /// The same with the token in a file.
    /// - Throws: ``AccountError`` of kind `badInput` also for a file that cannot be read or is empty.
    public init(
        api: String, mailbox: String, administratorTokenFile path: String, patience: Duration
    ) throws(AccountError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains(where: { !$0.isWhitespace })
        else {
            throw AccountError(
                .badInput, "no token can be read from \(SettingProblem.quoted(path))",
                hint: "make one with: sysndd-ctl token --role Administrator --expires 15m")
        }
        try self.init(api: api, mailbox: mailbox, administratorToken: Secret(text), patience: patience)
    }

    /// Does every step until one fails, and cleans up.
    /// - Throws: CancellationError only; everything else is part of the report.
    public func run() async throws -> LifecycleReport { try await LifecycleRun(self).run() }

    /// Without a slash at its end.
    private static func base(_ text: String, _ flag: String) throws(AccountError) -> String {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
            parts.host?.isEmpty == false,
            parts.query == nil, parts.fragment == nil
        else { throw AccountError(.badInput, "\(flag) needs an address such as http://127.0.0.1:7777") }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }
}
