/// Whether a text can be the mail address of an account.
enum MailAddressRule {
    /// An address that mail can be sent to, at a host with a dot.
    static func accepts(_ text: String) -> Bool {
        guard let domain = (try? MailAddress(address: text))?.domain else { return false }
        return domain.contains(".") && !domain.hasPrefix("[")
    }

    static func hasControlCharacter(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
