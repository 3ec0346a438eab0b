import Foundation

extension AccountMail {
    /// The message as it is sent.
    /// - Throws: ``MailError`` when an address or the sender cannot be used.
    func message(from sender: String?, id: String?, date: Date) throws -> MailMessage {
        guard let sender else {
            throw MailError(.config, "SMTP_FROM is not set", hint: "set it to the address that mail comes from")
        }
        return try MailMessage(
            from: MailAddress(parsing: sender), to: [MailAddress(address: to)],
            bcc: bcc.map { [try MailAddress(parsing: $0)] } ?? [],
            subject: subject, text: text, messageID: id, date: date)
    }
}
