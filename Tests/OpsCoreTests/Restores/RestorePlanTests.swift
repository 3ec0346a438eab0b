import Testing

@testable import OpsCore

@Suite struct RestorePlanTests {
    private let lease = RestoreRelation("sysndd_ctl_lease", isToolkit: true)
    private let journal = RestoreJournal.tables.map { RestoreRelation($0, isToolkit: false) }

    @Test func everyTableOfTheDatabaseMakesRoomForThoseOfTheBackup() throws {
        let plan = try RestorePlan(
            live: [.init("a"), .init("old"), .init("s", .sequence), .init("v", .view), .init("new", .view), lease],
            shadow: [.init("a"), .init("new"), .init("s", .sequence)] + journal)
        #expect(plan.outgoing == ["a", "old", "s"])
        #expect(plan.incoming == ["a", "new", "s"])
        #expect(plan.obstructing == ["new"])
        #expect(plan.gone == ["old"])
        #expect(plan.kept == ["sysndd_ctl_lease"])
    }

    @Test func theStatementMovesTheJournalToWhereTheOldTablesAre() throws {
        let plan = try RestorePlan(live: [.init("a`b")], shadow: [.init("c")] + journal)
        let text = plan.rename(database: "db", incoming: "in", outgoing: "out").text
        #expect(
            text == "RENAME TABLE `db`.`a``b` TO `out`.`a``b`, `in`.`c` TO `db`.`c`, "
                + "`in`.`sysndd_ctl_restore` TO `out`.`sysndd_ctl_restore`, "
                + "`in`.`sysndd_ctl_restore_object` TO `out`.`sysndd_ctl_restore_object`, "
                + "`in`.`sysndd_ctl_restore_member` TO `out`.`sysndd_ctl_restore_member`")
    }

    @Test func tablesOfTheToolkitStayAndThoseOfTheBackupStayOut() throws {
        let audit = RestoreRelation("sysndd_ctl_audit", isToolkit: true)
        let outbox = RestoreRelation("sysndd_ctl_outbox", isToolkit: true)
        let plan = try RestorePlan(live: [lease, audit], shadow: [audit, outbox])
        #expect(plan.outgoing == [])
        #expect(plan.incoming == ["sysndd_ctl_outbox"])
        #expect(plan.kept == ["sysndd_ctl_lease", "sysndd_ctl_audit"])
    }

    @Test func aTableOfTheUsersUnderTheNameOfOneThatStaysIsRefused() {
        #expect(throws: RestoreError.reserved("sysndd_ctl_lease")) {
            try RestorePlan(live: [lease], shadow: [.init("sysndd_ctl_lease")])
        }
        #expect(throws: RestoreError.reserved("sysndd_ctl_restore")) {
            try RestorePlan(live: [.init("sysndd_ctl_restore")], shadow: [])
        }
    }

    /// Two names that differ in their bytes are two tables to a server.
    @Test func namesAreComparedByTheirBytes() throws {
        let plan = try RestorePlan(live: [.init("\u{e9}")], shadow: [.init("e\u{301}")])
        #expect(plan.gone.count == 1)
    }

    @Test(arguments: [
        (RestorePhase.loading, RestoreSchemaName.Role.restore, RestoreRecord.Condition.unfinished),
        (.swapping, .restore, .unfinished), (.swapping, .before, .exchanged), (.done, .before, .done),
        (.undoing, .before, .undoUnfinished), (.undoing, .restore, .undoExchanged), (.undone, .restore, .undone),
    ])
    func thePlaceOfTheJournalTellsWhetherTheTablesWereExchanged(
        _ phase: RestorePhase, _ role: RestoreSchemaName.Role, _ condition: RestoreRecord.Condition
    ) {
        #expect(RestoreRecord(phase: phase, archive: "x").condition(in: role) == condition)
    }
}
