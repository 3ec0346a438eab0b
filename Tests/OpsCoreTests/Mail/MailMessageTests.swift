import Foundation
import Testing

@testable import OpsCore

struct MailMessageTests {
    private static let ada = try! MailAddress(name: "Ada", address: "ada@example.org")
    private static let bob = try! MailAddress(address: "bob@example.org")
    private static let moment = Date(timeIntervalSince1970: 1_763_974_805)

    private func message(
        subject: String = "Hello", text: String = "Hi", html: String? = nil, cc: [MailAddress] = [],
        bcc: [MailAddress] = [], to: [MailAddress] = [bob], id: String? = "<1@example.org>"
    ) throws -> MailMessage {
        try MailMessage(
            from: Self.ada, to: to, cc: cc, bcc: bcc, subject: subject, text: text, html: html, messageID: id,
            date: Self.moment)
    }

    private func rendered(_ message: MailMessage) -> String {
        String(decoding: message.rendered(boundary: "=_b"), as: UTF8.self)
    }

    @Test(arguments: ["a\r\nBcc: eve@example.org", "a\nb", "a\rb", "a\u{0}b", "a\u{2028}b"])
    func aSubjectCannotAddAHeader(_ subject: String) {
        #expect(throws: MailError.self) { try message(subject: subject) }
    }

    @Test(arguments: ["1@example.org", "<1>", "<1@a>\r\nX: y", "<1@a b>", "<@a>", "<1@a><2@b>"])
    func aMessageIDCannotEither(_ id: String) {
        #expect(throws: MailError.self) { try message(id: id) }
    }

    @Test func itNeedsARecipientAndNamesEachOnce() throws {
        #expect(throws: MailError.self) { try message(to: []) }
        let copies = try message(cc: [Self.ada, Self.bob], bcc: [Self.ada])
        #expect(copies.recipients.map(\.address) == ["bob@example.org", "ada@example.org"])
    }

    @Test func aNewMessageIDIsUniqueAndInTheSendersDomain() throws {
        let ids = try (0..<50).map { _ in try message(id: nil).messageID }
        #expect(Set(ids).count == 50)
        #expect(ids.allSatisfy { $0.hasPrefix("<") && $0.hasSuffix("@example.org>") })
    }

    @Test func plainTextIsOnePart() throws {
        #expect(
            rendered(try message(text: "Grüße\n.end"))
                == [
                    "Date: Mon, 24 Nov 2025 09:00:05 +0000", "From: \"Ada\" <ada@example.org>", "To: bob@example.org",
                    "Subject: Hello", "Message-ID: <1@example.org>", "Auto-Submitted: auto-generated",
                    "MIME-Version: 1.0",
                    "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                    "Gr=C3=BC=C3=9Fe", "=2Eend", "",
                ].joined(separator: "\r\n"))
    }

    @Test func textAndHTMLAreAlternatives() throws {
        let text = rendered(try message(text: "a=b", html: "<p>a=b</p>"))
        #expect(text.contains("Content-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n--=_b\r\n"))
        #expect(text.contains("\r\n\r\na=3Db\r\n--=_b\r\nContent-Type: text/html; charset=utf-8\r\n"))
        #expect(text.hasSuffix("<p>a=3Db</p>\r\n--=_b--\r\n"))
    }

    @Test func blindCopiesAreInNoHeader() throws {
        let text = rendered(try message(bcc: [MailAddress(address: "hidden@example.org")]))
        #expect(!text.contains("hidden") && !text.lowercased().contains("bcc"))
        let only = rendered(try message(bcc: [Self.bob], to: []))
        #expect(only.contains("To: undisclosed-recipients:;\r\n"))
    }

    @Test func everyLineIsShortASCIIWhateverGoesIn() throws {
        let long = String(repeating: "Ünï 🧬 = . \t", count: 300)
        let name = try MailAddress(name: String(repeating: "Ä\"\\,", count: 40), address: "x@example.org")
        let text = rendered(try message(subject: long.replacing("\t", with: ""), text: long, html: long, cc: [name]))
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 100 && $0.utf8.allSatisfy { $0 == 9 || (32..<127).contains($0) } })
        #expect(!text.replacing("\r\n", with: "").contains("\n"))
    }

    @Test func encodedWordsAreWholeCharactersOf75OrLess() {
        let subject = String(repeating: "Überprüfung 🧬 ", count: 12)
        let words = MailHeader.unstructured(subject).components(separatedBy: "\r\n ")
        #expect(words.count > 1 && words.allSatisfy { $0.count <= 75 })
        let decoded = words.map { word in
            String(data: Data(base64Encoded: String(word.dropFirst(10).dropLast(2)))!, encoding: .utf8)!
        }
        #expect(decoded.joined() == subject)
        #expect(MailHeader.unstructured("plain") == "plain")
        #expect(MailHeader.unstructured("=?utf-8?Q?trick?=").hasPrefix("=?utf-8?B?"))
    }

    @Test(arguments: ["", "a", " ", "a \nb\t", "\r\r\n\n", "From me\n.\n..", String(repeating: "x=", count: 500)])
    func quotedPrintableKeepsTheText(_ text: String) {
        let encoded = String(decoding: QuotedPrintable.encode(text), as: UTF8.self)
        let lines = encoded.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.count <= 76 && !$0.hasSuffix(" ") && !$0.hasSuffix("\t") })
        #expect(lines.allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("From") })
        var decoded: [UInt8] = []
        var rest = Array(encoded.replacing("=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else { decoded.append(byte); continue }
            decoded.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
            rest = rest.dropFirst(2)
        }
        let expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\n", with: "\r\n")
        #expect(String(decoding: decoded, as: UTF8.self) == expected)
    }
}
