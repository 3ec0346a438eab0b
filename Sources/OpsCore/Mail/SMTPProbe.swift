import CCurl

/// Finds out, stage by stage, whether mail can be sent, and why not.
///
/// A dry run by default: the server is asked about sender and recipient, and never told to take a message.
public struct SMTPProbe: Sendable {
    /// What is asked beside the settings.
    public struct Options: Sendable {
        /// Who the server is asked about; nil for CURATOR_EMAIL, or else the sender.
        public var recipient: MailAddress?
        /// Sends a real message to `recipient`.
        public var sends: Bool
        /// Certificates of the authorities to trust; nil for those of the system.
        public var authorityFile: String?
        /// The longest that one stage may take.
        public var timeout: Duration
        /// Whether the report holds what was said.
        public var includesTranscript: Bool

        public init(
            recipient: MailAddress? = nil, sends: Bool = false, authorityFile: String? = nil,
            timeout: Duration = .seconds(5), includesTranscript: Bool = false
        ) {
            self.recipient = recipient
            self.sends = sends
            self.authorityFile = authorityFile
            self.timeout = timeout
            self.includesTranscript = includesTranscript
        }
    }

    private let settings: MailSettings
    private let options: Options

    public init(_ settings: MailSettings, _ options: Options = Options()) {
        self.settings = settings
        self.options = options
    }

    /// - Returns: the diagnosis, whatever was found.
    /// - Throws: only CancellationError, when the task is cancelled.
    public func run() async throws -> SMTPProbeReport {
        let plan: SMTPProbePlan
        do {
            plan = try SMTPProbePlan(settings, options)
        } catch let error as MailError {
            let failed = SMTPStageResult(.config, .fail, detail: error.message, hint: error.hint)
            return SMTPProbeReport(settings, stages: SMTPStageList([failed]).all)
        }
        var outcome = try await BlockingMail.run { try SMTPProbeRun(plan, stop: $0).outcome() }
        if options.sends, !outcome.stages.hasFailure { outcome.stages.put(try await sendMessage(plan)) }
        return SMTPProbeReport(
            settings, stages: outcome.stages.all, certificate: outcome.certificate, signIn: outcome.signIn,
            transcript: options.includesTranscript ? outcome.transcript : nil)
    }

    /// Goes the very way on which the application's mail goes.
    private func sendMessage(_ plan: SMTPProbePlan) async throws -> SMTPStageResult {
        let began = ContinuousClock.now
        let client = SMTPClient(settings, timeout: plan.target.timeout, authorityFile: options.authorityFile)
        do {
            let message = try plan.message()
            try await client.send(message)
            let detail = "sent to \(plan.recipient.address) as \(message.messageID)"
            return SMTPStageResult(.data, .pass, ms: (ContinuousClock.now - began).milliseconds, detail: detail)
        } catch let error as MailError {
            return SMTPStageResult(
                .data, .fail, ms: (ContinuousClock.now - began).milliseconds, code: error.replyCode,
                detail: error.message, hint: error.hint)
        }
    }
}
