import Testing

@testable import DevStack

@Suite struct SmallPartsTests {
    @Test func preferredPortIsTakenWhenFree() throws {
        // Servers of other tests start meanwhile and may take the port in between; not each time.
        var port = try FreePort.find()
        for _ in 0..<20 where try FreePort.find(preferred: port) != port { port = try FreePort.find() }
        #expect(try FreePort.find(preferred: port) == port)
        let listener = try Listener(port: port)
        defer { listener.stop() }
        #expect(!FreePort.isFree(port))
        #expect(try FreePort.find(preferred: port) != port)
    }

    @Test func passwordsDifferNeedNoQuotingAndAreReadBack() {
        let passwords = (0..<200).map { _ in GeneratedPassword() }
        #expect(Set(passwords.map(\.value)).count == 200)
        for password in passwords {
            #expect(password.value.count == 24)
            #expect(password.value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
            #expect(GeneratedPassword(stored: password.value + "\n") == password)
        }
        #expect(GeneratedPassword(stored: "") == nil && GeneratedPassword(stored: "it's a quote and blanks") == nil)
    }

    @Test func optionValuesAreQuoted() {
        #expect(OptionFile.quoted("a # b \"c\" \\ \n") == "\"a # b \\\"c\\\" \\\\ \\n\"")
    }

    @Test func errorsReadAsOneLineOfAdvice() {
        #expect(DevStackError(.busy, "taken", hint: "wait").description == "taken\nwait")
        #expect(DevStackError(.busy, "taken").description == "taken")
    }
}
