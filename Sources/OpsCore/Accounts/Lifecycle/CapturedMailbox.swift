import Foundation

/// A mail capture with Mailpit's API.
struct CapturedMailbox: Sendable {
    private static let pause = Duration.milliseconds(200)

    private struct Search: Decodable {
        let messages: [Found]
    }

    private struct Found: Decodable {
        let id: String
        let subject: String

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case subject = "Subject"
        }
    }

    let base: String

    /// - Throws: ``LifecycleFailure`` or ``HTTPCallError`` when it does not answer as a mail capture does.
    func check() async throws {
        try await HTTPCall(url: base + "/api/v1/messages?limit=1").send().expecting(200, "the mail capture")
    }

    /// The newest mail to an address whose subject contains a text, waiting for it.
    /// - Throws: ``LifecycleFailure`` when none comes within `limit`.
    func mail(to address: String, about subject: String, within limit: Duration) async throws -> CapturedMail {
        let end = ContinuousClock.now + limit
        while true {
            let found = try await search(address).first { $0.subject.localizedCaseInsensitiveContains(subject) }
            if let found { return try await mail(found.id) }
            guard ContinuousClock.now < end else {
                throw LifecycleFailure(
                    "no mail about “\(subject)” to \(address) came within \(limit.components.seconds) s",
                    hint: "the API must send its mail to this capture: see its SMTP settings and its log")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Removes the mails to an address, and no others.
    func removeMails(to address: String) async throws {
        let ids = try await search(address).map(\.id)
        // Without ids, everything would be removed.
        guard !ids.isEmpty else { return }
        var call = HTTPCall(method: "DELETE", url: base + "/api/v1/messages")
        call.headers["Content-Type"] = "application/json"
        call.body = try JSONEncoder().encode(["IDs": ids])
        try await call.send().expecting(200, "removing the captured mails")
    }

    private func search(_ address: String) async throws -> [Found] {
        let answer = try await HTTPCall(url: base + "/api/v1/search?limit=50&query=to%3A%22\(address)%22").send()
        return try JSONDecoder().decode(Search.self, from: answer.expecting(200, "the search for mails").body).messages
    }

    private func mail(_ id: String) async throws -> CapturedMail {
        let answer = try await HTTPCall(url: base + "/api/v1/message/\(id)").send()
        return try JSONDecoder().decode(CapturedMail.self, from: answer.expecting(200, "reading a mail").body)
    }
}

/// What is of interest in a captured mail.
struct CapturedMail: Decodable, Sendable {
    struct Person: Decodable, Sendable, Equatable {
        let address: String

        enum CodingKeys: String, CodingKey { case address = "Address" }
    }

    let to: [Person]
    let text: String

    private enum CodingKeys: String, CodingKey {
        case to = "To"
        case text = "Text"
        case html = "HTML"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        to = try values.decodeIfPresent([Person].self, forKey: .to) ?? []
        let plain = try values.decodeIfPresent(String.self, forKey: .text) ?? ""
        let html = try values.decodeIfPresent(String.self, forKey: .html) ?? ""
        text = plain.isEmpty ? html.replacing(/<[^>]*>/, with: " ") : plain
    }

    /// The first password: what stands behind that word and a colon.
    var password: Secret? {
        text.firstMatch(of: /(?i)password[^:]*:\s*(\S+)/).map { Secret(String($0.1)) }
    }

    /// The token in the link of a password reset.
    var resetToken: Secret? {
        text.firstMatch(of: /\/PasswordReset\/([A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+)/).map {
            Secret(String($0.1))
        }
    }
}
