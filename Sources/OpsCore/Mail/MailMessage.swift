import Foundation

/// One mail, checked: nothing in it can add a header or a recipient.
public struct MailMessage: Sendable, Equatable {
    public let from: MailAddress
    public let to: [MailAddress]
    public let cc: [MailAddress]
    /// Recipients that no header names.
    public let bcc: [MailAddress]
    public let subject: String
    /// The text, for every reader.
    public let text: String
    /// The same as HTML, for readers that show it; nil for none.
    public let html: String?
    /// `<unique@domain>`, with the angle brackets. A message that is sent again keeps it, so that readers see one message.
    public let messageID: String
    public let date: Date

    /// - Parameter messageID: nil for a new one in the domain of `from`.
    /// - Throws: ``MailError`` at stage `config` when there is no recipient, or when the subject or the message id hold a
    ///   line break or another control character.
    public init(
        from: MailAddress, to: [MailAddress], cc: [MailAddress] = [], bcc: [MailAddress] = [], subject: String,
        text: String, html: String? = nil, messageID: String? = nil, date: Date = Date()
    ) throws {
        guard !(to + cc + bcc).isEmpty else { throw MailError.badInput("a message needs a recipient") }
        guard !subject.hasControlCharacter else {
            throw MailError.badInput("the subject of a message holds a line break or another control character")
        }
        let messageID = messageID ?? "<\(UUID().uuidString.lowercased())@\(from.domain)>"
        guard Self.isMessageID(messageID) else {
            throw MailError.badInput("not a message id: \(messageID.printable)", hint: "it looks like <unique@domain>")
        }
        self.from = from
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.subject = subject
        self.text = text
        self.html = html
        self.messageID = messageID
        self.date = date
    }

    /// Everybody who gets a copy, each once.
    public var recipients: [MailAddress] {
        var seen = Set<String>()
        return (to + cc + bcc).filter { seen.insert($0.address).inserted }
    }

    /// The form of RFC 5322, 3.6.4, short enough for one header line.
    private static func isMessageID(_ text: String) -> Bool {
        guard text.hasPrefix("<"), text.hasSuffix(">"), text.utf8.count <= 400 else { return false }
        let parts = text.dropFirst().dropLast().split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && !String(part).hasControlCharacter
                    && !part.contains { $0.isWhitespace || "<>".contains($0) }
            }
    }
}
