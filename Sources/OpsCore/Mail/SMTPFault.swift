import CCurl

/// Why a session with a mail server did not get on.
struct SMTPFault: Error, Equatable {
    enum Cause: Equatable {
        /// The stage took longer than it may.
        case timedOut
        /// The server said no; its words are in `reply`.
        case refused
        /// The system's reason why no connection came about, as `errno` has it.
        case unreachable(Int32)
        /// The server closed the connection.
        case lost
        /// No STARTTLS is offered.
        case noTLS
        /// No way to sign in is offered.
        case noSignIn
        /// The server's certificate is not accepted.
        case certificate(String)
        /// The other side does not speak TLS, or not a version that is accepted.
        case handshake(String)
        /// libcurl needs keywords in capitals; this one is not.
        case lowerCase(String)
        /// Any other failure, as libcurl numbers and words it.
        case curl(UInt32, String)
    }

    let stage: MailStage
    let cause: Cause
    let reply: SMTPReply?
    /// What the server said instead of a greeting.
    var stranger: String?
    var handedOver = false
}

extension SMTPFault {
    /// What libcurl's code means at the place that the dialogue has reached.
    /// - Parameters:
    ///   - systemError: `errno` of the last connection that was tried; 0 for none.
    ///   - remark: what libcurl said last.
    init(_ code: CURLcode, systemError: Int32, remark: String, _ dialogue: SMTPDialogue) {
        var (stage, cause) = Self.meaning(of: code, remark, dialogue)
        if code == CURLE_COULDNT_CONNECT, systemError != 0 { cause = .unreachable(systemError) }
        let reply = stage == dialogue.stage ? dialogue.reply : nil
        self.init(
            stage: stage, cause: cause, reply: reply, stranger: dialogue.stranger, handedOver: dialogue.handedOver)
    }

    private static func meaning(of code: CURLcode, _ remark: String, _ dialogue: SMTPDialogue) -> (MailStage, Cause) {
        let text = String(cString: curl_easy_strerror(code)).lowercased()
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return (.dns, .curl(code.rawValue, text))
        case CURLE_COULDNT_CONNECT: return (.connect, .curl(code.rawValue, remark))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return (.tls, .certificate(remark))
        case CURLE_USE_SSL_FAILED where !dialogue.askedForTLS:
            return (.tls, dialogue.misspells("STARTTLS") ? .lowerCase("STARTTLS") : .noTLS)
        case CURLE_SSL_CONNECT_ERROR: return (.tls, .handshake(remark))
        case CURLE_ABORTED_BY_CALLBACK:
            return (.auth, dialogue.misspells("AUTH") ? .lowerCase("AUTH") : .noSignIn)
        case CURLE_LOGIN_DENIED where dialogue.stage != .auth: return (.auth, .noSignIn)
        default: return (dialogue.stage, cause(code, text, dialogue))
        }
    }

    private static func cause(_ code: CURLcode, _ text: String, _ dialogue: SMTPDialogue) -> Cause {
        if let reply = dialogue.reply, !reply.isPositive { return .refused }
        return switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING: .lost
        default: dialogue.stranger != nil ? .refused : .curl(code.rawValue, text)
        }
    }
}
