import Foundation

/// A message that the capture holds.
struct CapturedMail: Sendable {
    /// A mailbox, with the names that Mailpit gives its parts.
    struct Address: Codable, Sendable, Equatable {
        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case address = "Address"
        }

        let name: String
        let address: String
    }

    let id: String
    let created: Date
    let envelope: CaptureEnvelope
    let raw: [UInt8]
    let header: MIMEHeader
    /// Parts without parts, in order.
    let leaves: [MIMEPart]
    var isRead = false

    init(
        _ raw: [UInt8], _ envelope: CaptureEnvelope, id: String = UUID().uuidString.lowercased(), at now: Date = Date()
    ) {
        let whole = MIMEPart(raw[...])
        self.id = id
        self.raw = raw
        self.envelope = envelope
        created = now
        header = whole.header
        leaves = whole.leaves
    }

    var messageID: String { (header["Message-ID"] ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "<> ")) }
    var subject: String { header.text("Subject") }
    var from: Address {
        addresses("From").first ?? Address(name: "", address: envelope.sender)
    }

    /// Recipients that no header names.
    var blindCopies: [Address] {
        let named = Set((addresses("To") + addresses("Cc") + addresses("Bcc")).map { $0.address.lowercased() })
        let hidden = envelope.recipients.filter { !named.contains($0.lowercased()) }
        return addresses("Bcc") + hidden.map { Address(name: "", address: $0) }
    }

    var text: String { body("text/plain") }
    var html: String { body("text/html") }
    var attachments: [MIMEPart] { leaves.filter(\.isAttachment) }

    /// The beginning of the text, in one line.
    var snippet: String {
        let source = text.isEmpty ? html.replacing(#/<[^>]*>/#, with: " ") : text
        let words = source.prefix(2000).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 250 ? words.prefix(250) + "..." : words
    }

    private func body(_ type: String) -> String {
        leaves.filter { $0.type == type && !$0.isAttachment }.map(\.text).joined(separator: "\n")
            .replacing("\r\n", with: "\n")
    }

    func addresses(_ field: String) -> [Address] {
        MIMEHeader.split(header[field] ?? "", at: ",").compactMap(Self.address)
    }

    private static func address(_ text: String) -> Address? {
        let text = text.trimmingCharacters(in: .whitespaces)
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            return text.contains("@") ? Address(name: "", address: text) : nil
        }
        let name = text[..<open].trimmingCharacters(in: CharacterSet(charactersIn: " \""))
            .replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        return Address(name: EncodedWords.decode(name), address: String(text[open...].dropFirst().dropLast()))
    }
}
