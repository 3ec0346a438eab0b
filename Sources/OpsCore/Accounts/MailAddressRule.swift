/// Whether a text can be the mail address of an account.
enum MailAddressRule {
    /// One `@` with something before it, a host with a dot after it, and nothing that could end a header or an envelope.
    static func accepts(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !hasControlCharacter(text) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
            && !text.unicodeScalars.contains {
                $0.properties.isWhitespace || "<>,;:\"()[]\\".unicodeScalars.contains($0)
            }
    }

    static func hasControlCharacter(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
