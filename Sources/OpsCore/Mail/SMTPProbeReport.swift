/// The diagnosis of a mail server: every stage, also those that were not reached.
public struct SMTPProbeReport: Codable, Sendable, Equatable {
    /// Ways to sign in.
    public struct SignIn: Codable, Sendable, Equatable {
        /// Mechanisms that the server offers.
        public let offered: [String]
        /// The one that was used; nil for none.
        @EncodedAsNull public var used: String?
    }

    /// No stage failed.
    public let success: Bool
    @EncodedAsNull public var host: String?
    public let port: Int
    /// The stage that failed, and why; null when none did.
    @EncodedAsNull public var error: String?
    public let stages: [SMTPStageResult]
    /// The server's certificate; null for a session without TLS, or when it was not seen.
    @EncodedAsNull public var certificate: MailCertificate?
    /// Null when the server was not asked.
    @EncodedAsNull public var signIn: SignIn?
    /// What was said, without what signs in; only on request.
    public let transcript: [String]?

    init(
        _ settings: MailSettings, stages: [SMTPStageResult], certificate: MailCertificate? = nil,
        signIn: SignIn? = nil, transcript: [String]? = nil
    ) {
        let failed = stages.first { $0.status == .fail }
        success = failed == nil
        port = settings.port
        self.stages = stages
        self.transcript = transcript
        _host = EncodedAsNull(wrappedValue: settings.host)
        _error = EncodedAsNull(wrappedValue: failed.map { "\($0.stage.rawValue): \($0.detail ?? "failed")" })
        _certificate = EncodedAsNull(wrappedValue: certificate)
        _signIn = EncodedAsNull(wrappedValue: signIn)
    }

    /// The exit code of a command that ends with this diagnosis.
    public var exitStatus: ExitStatus {
        guard let failed = stages.first(where: { $0.status == .fail }) else { return .done }
        return failed.code.map { (400..<500).contains($0) } == true ? .mailTemporary : failed.stage.exitStatus
    }
}
