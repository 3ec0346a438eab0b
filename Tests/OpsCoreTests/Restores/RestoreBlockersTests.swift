import Testing

@testable import OpsCore

@Suite struct RestoreBlockersTests {
    private let session = RestoreBlockers.Session(id: 7, user: "app", host: "10.0.0.1:5", seconds: 40, statement: nil)

    @Test func whoHoldsALockIsNamed() {
        var busy = session
        busy.statement = "SELECT SLEEP(9)"
        let text = RestoreBlockers(sessions: [session, busy], evidence: .held, missingRights: []).text
        #expect(
            text == "; held by: session 7 of app from 10.0.0.1:5, idle for 40 s; "
                + "session 7 of app from 10.0.0.1:5, running for 40 s: SELECT SLEEP(9)")
    }

    /// An empty list would look like nobody.
    @Test func rightsThatAreMissingAreTold() {
        let blind = RestoreBlockers(sessions: [], evidence: .connected, missingRights: ["PROCESS"]).text
        #expect(blind == "; who holds them cannot be seen, because the account lacks PROCESS")
        let some = RestoreBlockers(
            sessions: [.init(id: 3)], evidence: .held, missingRights: ["PROCESS", "SELECT on performance_schema"])
        #expect(some.text.contains("session 3, which the account may not see"))
        #expect(some.text.hasSuffix("because the account lacks PROCESS and SELECT on performance_schema"))
        #expect(RestoreBlockers(sessions: [], evidence: .held, missingRights: []).text.contains("given back just now"))
    }
}
