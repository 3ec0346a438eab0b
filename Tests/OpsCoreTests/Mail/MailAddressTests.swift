import Foundation
import Testing

@testable import OpsCore

struct MailAddressTests {
    @Test(arguments: [
        "ada@example.org", "ada.lovelace+list@mail.example.org", "o'brien@example.org", "root@localhost",
        "ada@[127.0.0.1]", "ada@[IPv6:::1]", "jürgen@müller.example", "a_b-c@x-y.example",
    ])
    func takesWhatIsInUse(_ text: String) throws {
        #expect(try MailAddress(address: text).address == text)
    }

    @Test(arguments: [
        "", "ada", "@example.org", "ada@", "a@b@c", "ada @example.org", "ada@example.org ", "ada@exa mple.org",
        "ada@example.org\r\nBcc: eve@example.org", "ada\n@example.org", "ada@example.org\u{0}", ".ada@example.org",
        "a..b@example.org", "ada@example..org", "ada@.example.org", "<ada@example.org>",
        "ada@example.org,eve@example.org",
        "ada@example.org;eve@example.org", "ada@example.org> SIZE=1", "\"ada lovelace\"@example.org", "ada@[1.2.3]",
        "ada@exa\u{2028}mple.org", "ada@exa\u{a0}mple.org",
    ])
    func refusesWhatIsNoAddressOrCouldDoMore(_ text: String) {
        #expect { try MailAddress(address: text) } throws: { ($0 as? MailError)?.stage == .config }
    }

    @Test func refusesWhatIsTooLong() throws {
        let local = String(repeating: "a", count: 64)
        #expect(throws: Never.self) { try MailAddress(address: local + "@example.org") }
        #expect(throws: MailError.self) { try MailAddress(address: "a" + local + "@example.org") }
        #expect(throws: MailError.self) {
            try MailAddress(address: "a@" + Array(repeating: "abcdefghi", count: 26).joined(separator: "."))
        }
    }

    @Test func readsDisplayNames() throws {
        #expect(try MailAddress(parsing: " ada@example.org ").name == nil)
        let plain = try MailAddress(parsing: "Ada Lovelace <ada@example.org>")
        #expect(plain.name == "Ada Lovelace" && plain.address == "ada@example.org" && plain.domain == "example.org")
        #expect(try MailAddress(parsing: #""Lovelace, \"Ada\"" <ada@example.org>"#).name == #"Lovelace, "Ada""#)
        #expect(throws: MailError.self) { try MailAddress(parsing: "Ada\r\nBcc: eve@example.org <ada@example.org>") }
        #expect(throws: MailError.self) { try MailAddress(parsing: "ada@example.org\r\n") }
        #expect(throws: MailError.self) { try MailAddress(name: "A\u{b}da", address: "ada@example.org") }
    }

    @Test func comesBackFromJSONAndIsCheckedThere() throws {
        let address = try MailAddress(name: "Ada", address: "ada@example.org")
        let data = try JSONEncoder().encode(address)
        #expect(try JSONDecoder().decode(MailAddress.self, from: data) == address)
        #expect(throws: MailError.self) {
            try JSONDecoder().decode(MailAddress.self, from: Data(#"{"address":"ada@b\r\nX: y"}"#.utf8))
        }
    }
}
