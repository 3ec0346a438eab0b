import Foundation
import Testing

@testable import OpsCore

@Suite struct SecretTests {
    private struct Holder: Encodable {
        let name = "root"
        let password: Secret? = Secret("hunter2")
    }

    @Test func valueIsOnlyExposedByName() {
        #expect(Secret("hunter2").exposed == "hunter2")
    }

    @Test func everyWayOfPrintingRedacts() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(Holder(), to: &dumped)
        let texts = ["\(secret)", String(reflecting: secret), "\(Holder())", String(reflecting: [secret]), dumped]
        for text in texts {
            #expect(text.contains("<redacted>") && !text.contains("hunter2"), "\(text)")
        }
    }

    @Test func mirrorHasNoChildren() {
        #expect(Mirror(reflecting: Secret("hunter2")).children.isEmpty)
    }

    @Test func encodingRedacts() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(Holder()), as: UTF8.self)
        #expect(json == #"{"name":"root","password":"<redacted>"}"#)
    }

    @Test func settingsThatHoldSecretsPrintWithoutThem() {
        let settings = DatabaseSettings(database: "db", user: "u", password: Secret("hunter2"))
        #expect(!"\(settings)".contains("hunter2"))
    }
}
