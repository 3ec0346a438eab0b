/// Turns what a session went through into the results of its stages.
struct SMTPProbeFindings {
    private let plan: SMTPProbePlan
    private let session: SMTPSession
    private let dialogue: SMTPDialogue
    private let fault: SMTPFault?

    init(_ plan: SMTPProbePlan, _ session: SMTPSession, _ dialogue: SMTPDialogue, _ fault: SMTPFault?) {
        self.plan = plan
        self.session = session
        self.dialogue = dialogue
        self.fault = fault
    }

    var results: [SMTPStageResult] {
        [config] + dialogue.passed.map(passed) + [last].compactMap { $0 } + [failed, unneeded].compactMap { $0 }
    }

    private var config: SMTPStageResult {
        guard let warning = plan.warning else { return SMTPStageResult(.config, .pass, detail: plan.target.summary) }
        return SMTPStageResult(.config, .warn, detail: warning.detail, hint: warning.hint)
    }

    private func passed(_ passed: SMTPDialogue.Passed) -> SMTPStageResult {
        SMTPStageResult(
            passed.stage, .pass, ms: passed.duration.milliseconds, code: passed.reply?.code,
            detail: detail(passed.stage, passed.reply))
    }

    /// The stage at which the session stopped, where the fault belongs to a later one or there is none.
    private var last: SMTPStageResult? {
        guard fault?.stage != dialogue.stage else { return nil }
        return passed(
            .init(stage: dialogue.stage, duration: ContinuousClock.now - dialogue.began, reply: dialogue.reply))
    }

    private var failed: SMTPStageResult? {
        fault.map { fault in
            let ms = fault.stage == dialogue.stage ? (ContinuousClock.now - dialogue.began).milliseconds : 0
            let code = fault.reply.flatMap { $0.isPositive ? nil : $0.code }
            return SMTPStageResult(
                fault.stage, .fail, ms: ms, code: code, detail: fault.detail(plan.target),
                hint: fault.hint(plan.target))
        }
    }

    /// Says why there was no sign-in.
    private var unneeded: SMTPStageResult? {
        guard plan.target.user == nil, dialogue.passed.contains(where: { $0.stage == .ehlo }) else { return nil }
        return SMTPStageResult(.auth, .skip, detail: "no SMTP_USER is set; \(offered)")
    }

    private var offered: String {
        dialogue.mechanisms.isEmpty ? "none offered" : "offered: \(dialogue.mechanisms.joined(separator: ", "))"
    }

    private func detail(_ stage: MailStage, _ reply: SMTPReply?) -> String? {
        switch stage {
        case .connect: session.peer
        case .tls: session.cipher
        case .ehlo, .ehlo2: reply.map { $0.lines.dropFirst().joined(separator: ", ").printableLine }
        case .auth: "signed in with \(dialogue.mechanism ?? "?"); \(offered)"
        case .mail: plan.sender.address
        case .rcpt: plan.recipient.address
        case .banner: reply?.text
        default: nil
        }
    }
}
