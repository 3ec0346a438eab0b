/// The message as it goes over the wire (RFC 5322 and 2045).
extension MailMessage {
    /// All of it, with CRLF line ends, in ASCII unless an address is not.
    func rendered(boundary: String = Self.newBoundary()) -> [UInt8] {
        guard let html else {
            return Array((head + contentHead("text/plain")).utf8) + QuotedPrintable.encode(text) + Self.lineEnd
        }
        let type = "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\r\n\r\n"
        return Array((head + type).utf8) + part("text/plain", text, boundary) + part("text/html", html, boundary)
            + Array("--\(boundary)--\r\n".utf8)
    }

    /// Cannot occur in a part: quoted-printable text never holds `=_`.
    private static func newBoundary() -> String {
        "=_" + String(UInt64.random(in: 0 ... .max), radix: 36) + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    private static let lineEnd = Array("\r\n".utf8)

    /// Auto-Submitted keeps vacation programs from answering (RFC 3834).
    private var head: String {
        var fields = [("Date", MailHeader.date(date)), ("From", MailHeader.mailboxes([from]))]
        fields.append(("To", to.isEmpty ? "undisclosed-recipients:;" : MailHeader.mailboxes(to)))
        if !cc.isEmpty { fields.append(("Cc", MailHeader.mailboxes(cc))) }
        fields += [
            ("Subject", MailHeader.unstructured(subject)), ("Message-ID", messageID),
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
        ]
        return fields.map { "\($0): \($1)\r\n" }.joined()
    }

    private func part(_ type: String, _ text: String, _ boundary: String) -> [UInt8] {
        Array("--\(boundary)\r\n\(contentHead(type))".utf8) + QuotedPrintable.encode(text) + Self.lineEnd
    }

    private func contentHead(_ type: String) -> String {
        "Content-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    }
}
