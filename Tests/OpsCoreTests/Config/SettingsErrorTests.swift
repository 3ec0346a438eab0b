import Testing

@testable import OpsCore

@Suite struct SettingsErrorTests {
    @Test func everyProblemIsOneLineAndTheExitCodeIs78() {
        let error = SettingsError(problems: [
            SettingProblem(variable: "A", source: "environment", reason: "is bad", remedy: "give b"),
            SettingProblem(source: ".env:12", reason: "not an assignment", remedy: "write KEY=value"),
        ])
        #expect(error.message == "A (environment): is bad; give b\n.env:12: not an assignment; write KEY=value")
        #expect(error.exitStatus.rawValue == 78)
        #expect(error.code == "BAD_SETTINGS")
    }
}
