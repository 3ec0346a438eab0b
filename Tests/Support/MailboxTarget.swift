import DevStack
import Foundation

/// A mail server with Mailpit's API that mail tests run against: the one of this package, or the one that `MAILPIT_URL`
/// names, which takes mail where `SMTP_HOST` and `SMTP_PORT` say (the same host, port 1025).
public struct MailboxTarget: Sendable {
    /// Base address of the API, without a slash at its end.
    public let url: String
    public let smtpHost: String
    public let smtpPort: Int

    private init(url: String, smtpHost: String, smtpPort: Int) {
        self.url = url
        self.smtpHost = smtpHost
        self.smtpPort = smtpPort
    }

    /// One of this package.
    public init(_ ports: MailCapture.Ports) {
        self.init(url: "http://127.0.0.1:\(ports.http)", smtpHost: "127.0.0.1", smtpPort: Int(ports.smtp))
    }

    /// One that may hold mails of others, which must stay: tests remove only their own.
    public static func with(_ body: @escaping @Sendable (MailboxTarget) async throws -> Void) async throws {
        if let foreign { return try await body(foreign) }
        try await withCapture { ports in try await body(MailboxTarget(ports)) }
    }

    /// Runs a capture of this package on free ports while `body` runs.
    public static func withCapture(
        certificateFile: String? = nil, _ body: @escaping @Sendable (MailCapture.Ports) async throws -> Void
    ) async throws {
        let (ports, open) = AsyncStream.makeStream(of: MailCapture.Ports.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    defer { open.finish() }
                    let capture = MailCapture(smtpPort: 0, httpPort: 0, certificateFile: certificateFile)
                    try await capture.run { open.yield($0) }
                } catch is CancellationError {}
            }
            var iterator = ports.makeAsyncIterator()
            // Nil only when the capture could not begin, and then the group throws why.
            if let ports = await iterator.next() { try await body(ports) }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static var foreign: MailboxTarget? {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["MAILPIT_URL"], let host = URLComponents(string: url)?.host else { return nil }
        return MailboxTarget(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url, smtpHost: environment["SMTP_HOST"] ?? host,
            smtpPort: environment["SMTP_PORT"].flatMap(Int.init) ?? 1025)
    }

    /// What a program needs to send its mail there.
    public var environment: [String: String] {
        ["SMTP_HOST": smtpHost, "SMTP_PORT": "\(smtpPort)", "SMTP_TLS": "none", "SMTP_ENABLED": "true"]
    }
}
