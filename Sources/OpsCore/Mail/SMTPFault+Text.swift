import Glibc

/// The fault in words: what happened, and what to do now.
extension SMTPFault {
    /// True when trying again may help although nobody changes anything.
    var isTemporary: Bool {
        if let reply, !reply.isPositive { return reply.isTemporary }
        return switch cause {
        case .timedOut, .unreachable, .lost, .curl: true
        case .refused, .noTLS, .noSignIn, .certificate, .handshake, .lowerCase: false
        }
    }

    /// Lower case, without a secret.
    func detail(_ target: SMTPTarget) -> String {
        switch cause {
        case .timedOut: "no answer within \(target.timeout.components.seconds) s"
        case .refused:
            reply.map { "the server refused: \($0.code) \($0.text)" }
                ?? "not a mail server: it began with \"\(stranger ?? "")\""
        case .unreachable(let error): String(cString: strerror(error)).lowercased()
        case .lost:
            reply.map { $0.isPositive } == false
                ? "the server refused and hung up: \(reply!.code) \(reply!.text)" : "the server closed the connection"
        case .noTLS: "the server does not offer STARTTLS"
        case .noSignIn: "the server offers no way to sign in that this program knows"
        case .certificate(let reason): "the server's certificate is not accepted: \(reason)"
        case .handshake(let reason): "no TLS session came about: \(reason)"
        case .lowerCase(let keyword): "the server offers \(keyword) in small letters, which this program cannot use"
        case .curl(_, let reason): reason.isEmpty ? "failed without a reason" : reason
        }
    }

    /// What to do now; nil where nothing better can be said than what the server said.
    func hint(_ target: SMTPTarget) -> String? {
        if reply?.isTemporary == true { return temporaryHint }
        return switch stage {
        case .config, .quit: nil
        case .dns: "check SMTP_HOST, and the name servers of this machine: getent hosts \(target.host)"
        case .connect: connectHint(target)
        case .banner: bannerHint(target)
        case .ehlo, .ehlo2: cause == .timedOut ? "the server hangs; look into its log" : nil
        case .tls: tlsHint(target)
        case .auth: authHint(target)
        case .mail: mailHint(target)
        case .rcpt: rcptHint(target)
        case .data: handedOver && cause == .lost ? "look into the server's log before it is sent again" : nil
        }
    }

    private var temporaryHint: String {
        switch stage {
        case .rcpt: "temporary: greylisting servers accept after some minutes; try again then"
        case .auth: "temporary: the server cannot check passwords now, or locks after too many attempts; wait"
        default: "temporary: the server asks to come back later; try again in some minutes"
        }
    }

    private func connectHint(_ target: SMTPTarget) -> String {
        if target.port == 25, cause != .unreachable(ECONNREFUSED) {
            return "port 25 is blocked by many networks; use the submission port: SMTP_PORT=587 with SMTP_TLS=starttls"
        }
        return switch cause {
        case .timedOut:
            "a firewall drops the packets, or the host is down; check SMTP_HOST, SMTP_PORT and outgoing rules"
        case .unreachable(let error) where error != ECONNREFUSED:
            "no way leads to that address from here; check SMTP_HOST, the routes and outgoing rules of this machine"
        default: "nobody listens there; check SMTP_HOST and SMTP_PORT (587 for starttls, 465 for tls)"
        }
    }

    private func bannerHint(_ target: SMTPTarget) -> String? {
        switch cause {
        case .timedOut where target.security != .tls:
            "a server that waits for TLS from the first byte says nothing: try SMTP_TLS=tls (usual on port 465)"
        case .lost where target.security != .tls:
            "the port may want TLS from the first byte: try SMTP_TLS=tls; or the server rejects this machine's address"
        case .refused where reply == nil: "another service runs on this port; check SMTP_PORT"
        case .refused: "the server rejects this machine's address, or is closed to it; ask who runs it"
        default: nil
        }
    }

    private func tlsHint(_ target: SMTPTarget) -> String? {
        switch cause {
        case .noTLS:
            "use the port for submission (587); where the port wants TLS from the first byte, set SMTP_TLS=tls"
        case .lowerCase: "have the server spell its keywords in capitals, or use TLS from the first byte: SMTP_TLS=tls"
        case .handshake where target.security == .tls, .timedOut where target.security == .tls,
            .lost where target.security == .tls:
            "the port may begin in clear text: try SMTP_TLS=starttls (usual on port 587)"
        case .handshake: "the server's TLS is too old or broken; TLS 1.2 is the least that is accepted"
        case .certificate: "see the certificate: renew it, trust its authority with --ca-file, or use the name it has"
        default: nil
        }
    }

    private func authHint(_ target: SMTPTarget) -> String? {
        switch cause {
        case .noSignIn where target.security == .none:
            "many servers offer it only when encrypted: set SMTP_TLS=starttls; or unset SMTP_USER where none is needed"
        case .noSignIn: "use the port for submission (587 or 465), or unset SMTP_USER where no sign-in is needed"
        case .lowerCase: "have the server spell its keywords in capitals"
        case .refused: "check SMTP_USER and SMTP_PASSWORD; some providers want an application password"
        default: nil
        }
    }

    /// 530 is the answer to somebody who has to do something else first (RFC 3207, 4; RFC 4954, 6).
    private func mailHint(_ target: SMTPTarget) -> String {
        guard reply?.code == 530 else {
            return "the server does not let this account send from that address: check SMTP_FROM and SMTP_USER"
        }
        if target.security == .none, reply?.text.uppercased().contains("TLS") == true {
            return "the server wants encryption first: set SMTP_TLS=starttls"
        }
        return "the server wants a sign-in first: set SMTP_USER and SMTP_PASSWORD"
    }

    private func rcptHint(_ target: SMTPTarget) -> String {
        let text = reply?.text.lowercased() ?? ""
        guard text.contains("relay") || text.contains("5.7.1") else { return "the server does not take this recipient" }
        return target.user == nil
            ? "relay denied: the server wants a sign-in; set SMTP_USER and SMTP_PASSWORD"
            : "relay denied: this account may not send to other domains; ask who runs the server"
    }
}
