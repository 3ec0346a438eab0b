import Foundation

/// A search as Mailpit understands it: words that all have to occur, `"several words"`, `to:`, `from:`, `cc:`, `bcc:`,
/// `addressed:`, `subject:`, `message-id:`, `is:read`, `is:unread`, `has:attachment`, each turned round by `-` or `!`.
struct MailSearch: Sendable {
    private struct Term: Sendable {
        let field: String
        let text: String
        let isNegated: Bool
    }

    private let terms: [Term]

    init(_ query: String) { terms = Self.words(query).compactMap(Self.term) }

    func matches(_ mail: CapturedMail) -> Bool { terms.allSatisfy { Self.holds($0, mail) != $0.isNegated } }

    private static func words(_ query: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in query {
            switch character {
            case "\"": isQuoted.toggle()
            case _ where character.isWhitespace && !isQuoted:
                words.append(word)
                word = ""
            default: word.append(character)
            }
        }
        return (words + [word]).filter { !$0.isEmpty }
    }

    private static let fields = [
        "to", "from", "cc", "bcc", "addressed", "subject", "message-id", "is", "has",
    ]

    private static func term(_ word: String) -> Term? {
        let isNegated = word.hasPrefix("-") || word.hasPrefix("!")
        let word = isNegated ? String(word.dropFirst()) : word
        let parts = word.split(separator: ":", maxSplits: 1).map { $0.lowercased() }
        if parts.count == 2, fields.contains(parts[0]) {
            return Term(field: parts[0], text: parts[1], isNegated: isNegated)
        }
        return word.isEmpty ? nil : Term(field: "", text: word.lowercased(), isNegated: isNegated)
    }

    private static func holds(_ term: Term, _ mail: CapturedMail) -> Bool {
        switch (term.field, term.text) {
        case ("is", "read"): mail.isRead
        case ("is", "unread"): !mail.isRead
        case ("has", "attachment"), ("has", "attachments"): !mail.attachments.isEmpty
        case ("is", _), ("has", _): false
        default: texts(term.field, mail).contains { $0.lowercased().contains(term.text) }
        }
    }

    private static func texts(_ field: String, _ mail: CapturedMail) -> [String] {
        let people = [
            "to": mail.addresses("To"), "cc": mail.addresses("Cc"), "bcc": mail.blindCopies, "from": [mail.from],
        ]
        let names = { (addresses: [CapturedMail.Address]) in addresses.map { "\($0.name) <\($0.address)>" } }
        return switch field {
        case "subject": [mail.subject]
        case "message-id": [mail.messageID]
        case "addressed": names(people.values.flatMap(\.self))
        case "": [mail.subject, mail.text, mail.html] + names(people.values.flatMap(\.self))
        default: names(people[field] ?? [])
        }
    }
}
