import Testing

@testable import OpsCore

@Suite struct LockBlockersTests {
    private let session = LockBlockers.Session(id: 7, user: "app", host: "10.0.0.1:5", seconds: 40, statement: nil)

    @Test func whoHoldsALockIsNamed() {
        var busy = session
        busy.statement = "SELECT SLEEP(9)"
        let text = LockBlockers(sessions: [session, busy], evidence: .held, missingRights: []).text
        #expect(
            text == "; held by: session 7 of app from 10.0.0.1:5, idle for 40 s; "
                + "session 7 of app from 10.0.0.1:5, running for 40 s: SELECT SLEEP(9)")
    }

    /// An empty list would look like nobody.
    @Test func rightsThatAreMissingAreTold() {
        let blind = LockBlockers(sessions: [], evidence: .connected, missingRights: ["PROCESS"]).text
        #expect(blind == "; who holds them cannot be seen, because the account lacks PROCESS")
        let some = LockBlockers(
            sessions: [.init(id: 3)], evidence: .held, missingRights: ["PROCESS", "SELECT on performance_schema"])
        #expect(some.text.contains("session 3, which the account may not see"))
        #expect(some.text.hasSuffix("because the account lacks PROCESS and SELECT on performance_schema"))
        #expect(LockBlockers(sessions: [], evidence: .held, missingRights: []).text.contains("given back just now"))
    }
}
