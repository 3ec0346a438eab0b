import CCurl

/// One diagnosis, from the connection to the farewell. Used by one thread; its calls block.
struct SMTPProbeRun {
    /// What was found.
    struct Outcome: Sendable {
        var stages: SMTPStageList
        var certificate: MailCertificate?
        var signIn: SMTPProbeReport.SignIn?
        var transcript: [String]
    }

    private let plan: SMTPProbePlan
    private let stop: BlockingMail.Stop
    private let session: SMTPSession

    init(_ plan: SMTPProbePlan, stop: BlockingMail.Stop) throws {
        self.plan = plan
        self.stop = stop
        session = try SMTPSession(plan.target, stop: stop)
        // Greeting, EHLO, STARTTLS and AUTH, then libcurl hands the connection over.
        session.handle.set(CURLOPT_CONNECT_ONLY, 1)
    }

    /// - Throws: CancellationError.
    func outcome() throws -> Outcome {
        let fault = try faultOfSession()
        let dialogue = session.dialogue
        var stages = SMTPStageList(SMTPProbeFindings(plan, session, dialogue, fault).results)
        let certificate = try certificate(after: fault)
        if let certificate, var tls = stages[.tls] {
            describe(certificate, in: &tls)
            stages.put(tls)
        }
        stages.put(farewell(after: fault))
        return Outcome(
            stages: stages, certificate: certificate, signIn: signIn(dialogue), transcript: session.transcript.lines)
    }

    private func faultOfSession() throws -> SMTPFault? {
        do {
            try session.run()
            if plan.target.user != nil, session.dialogue.mechanism == nil {
                return session.fault(session.dialogue.misspells("AUTH") ? .lowerCase("AUTH") : .noSignIn, at: .auth)
            }
            try ask("MAIL FROM:<\(plan.sender.address)>\(internationalParameter)")
            try ask("RCPT TO:<\(plan.recipient.address)>")
            return nil
        } catch let fault as SMTPFault {
            return fault
        }
    }

    private func ask(_ line: String) throws {
        let reply = try session.command(line)
        guard reply.isPositive else { throw session.fault(.refused) }
    }

    /// A server has to be told that an address is not ASCII (RFC 6531).
    private var internationalParameter: String {
        let isASCII = (plan.sender.address + plan.recipient.address).utf8.allSatisfy { $0 < 128 }
        return isASCII || !session.dialogue.offers("SMTPUTF8") ? "" : " SMTPUTF8"
    }

    /// Ends the transaction; without DATA nothing was sent. A server that says no is told farewell too.
    private func farewell(after fault: SMTPFault?) -> SMTPStageResult {
        guard fault == nil || (fault?.cause == .refused && [.mail, .rcpt].contains(fault?.stage)) else {
            return SMTPStageResult(.quit, .skip)
        }
        let began = ContinuousClock.now
        do {
            let reply = try session.command("QUIT")
            let ms = (ContinuousClock.now - began).milliseconds
            guard reply.isPositive else {
                return SMTPStageResult(.quit, .warn, ms: ms, code: reply.code, detail: reply.text)
            }
            return SMTPStageResult(.quit, .pass, ms: ms, code: reply.code)
        } catch {
            return SMTPStageResult(.quit, .warn, detail: "the server did not answer the farewell")
        }
    }

    private func signIn(_ dialogue: SMTPDialogue) -> SMTPProbeReport.SignIn? {
        guard dialogue.passed.contains(where: { $0.stage == .ehlo }) else { return nil }
        return .init(offered: dialogue.mechanisms, used: dialogue.mechanism)
    }

    private func describe(_ certificate: MailCertificate, in tls: inout SMTPStageResult) {
        tls.detail = [tls.detail, certificate.summary].compactMap { $0 }.joined(separator: "; ")
        if let days = certificate.daysLeft, days < 14, tls.status == .pass {
            tls.status = .warn
            tls.hint = "renew the certificate: it expires in \(days) days"
        }
    }

    // MARK: - Certificate

    /// libcurl describes no certificate that it refused, and checks no chain when it may not refuse. So a second session
    /// looks whether the authority alone is to blame, and a third one, with checks off, describes what it sees. Both are
    /// without credentials and end right after the handshake.
    private func certificate(after fault: SMTPFault?) throws -> MailCertificate? {
        guard case .certificate = fault?.cause else { return certificate(of: session, verdict: 0) }
        let trusting = try look(checkingAuthority: true)
        let verdict = trusting.handle.number(CURLINFO_SSL_VERIFYRESULT)
        if let seen = certificate(of: trusting, verdict: verdict) { return seen }
        return certificate(of: try look(checkingAuthority: false), verdict: verdict)
    }

    private func look(checkingAuthority: Bool) throws -> SMTPSession {
        let looking = try SMTPSession(plan.target.withoutCredentials, stop: stop)
        looking.handle.set(CURLOPT_CONNECT_ONLY, 1)
        looking.handle.set(CURLOPT_SSL_VERIFYPEER, checkingAuthority ? 1 : 0)
        looking.handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        do { try looking.run() } catch is SMTPFault {}
        return looking
    }

    private func certificate(of session: SMTPSession, verdict: Int) -> MailCertificate? {
        MailCertificate(fields: session.handle.certificates, verifyResult: verdict, host: plan.target.host)
    }
}
