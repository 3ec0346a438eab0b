import Foundation
import Testing

@testable import OpsCore

@Suite struct BackupNameTests {
    @Test(
        arguments: [
            ("manual_2026-01-31_04-05-06.sql.gz", .manual, "2026-01-31T04:05:06Z", nil),
            ("manual_2026-01-31_04-05-06_2.sql.gz", .manual, "2026-01-31T04:05:06Z", nil),
            ("pre-restore_2024-02-29_23-59-59.sql.gz", .preRestore, "2024-02-29T23:59:59Z", nil),
            ("pre-migrate_2026-12-31_00-00-00_17.sql.gz", .preMigrate, "2026-12-31T00:00:00Z", nil),
            ("202601310405.sysndd_db.sql.gz", .scheduled, "2026-01-31T04:05:00Z", "sysndd_db"),
            ("202601310405_3.sysndd_db.sql.gz", .scheduled, "2026-01-31T04:05:00Z", "sysndd_db"),
            ("202601310405.a.b%2Fc.sql.gz", .scheduled, "2026-01-31T04:05:00Z", "a.b/c"),
        ] as [(String, BackupName.Kind, String, String?)])
    func aNameOfTheToolkitTellsKindDateAndDatabase(
        text: String, kind: BackupName.Kind, date: String, database: String?
    ) throws {
        let name = try #require(BackupName(text))
        #expect(name.text == text)
        #expect(name.kind == kind)
        #expect(name.date == (try Date(date, strategy: .iso8601)))
        #expect(name.database == database)
        #expect(name.isCompressed)
    }

    @Test(arguments: [
        "dump.sql", "-rf.sql.gz", "ü 🧬.sql", "a..b.sql", "manual_2026-02-29_00-00-00.sql.gz",
        "manual_2026-01-31_24-00-00.sql.gz", "manual_2026-01-31_04-05-06.sql", "manual_2026-1-31_04-05-06.sql.gz",
        "manual_2026-01-31_04-05-06_1.sql.gz", "manual_2026-01-31_04-05-06_02.sql.gz",
        "manual_2026-01-31_04-05-06_.sql.gz", "manual_2026-01-31_04-05-06x.sql.gz",
        "manual_2026-01-31_04-05-06_+2.sql.gz", "Manual_2026-01-31_04-05-06.sql.gz", "202613310405.db.sql.gz",
        "202601310460.db.sql.gz", "202601310405..sql.gz", "202601310405.sql.gz", "20260131040.db.sql.gz",
        "2026013104055.db.sql.gz", "20260131040５.db.sql.gz", "202601310405.%FF.sql.gz", "latest.db.sql.gz",
        "_2026-01-31_04-05-06.sql.gz", "scheduled_2026-01-31_04-05-06.sql.gz",
    ])
    func anyOtherAllowedNameIsForeign(text: String) throws {
        let name = try #require(BackupName(text))
        #expect(name.kind == .foreign)
        #expect(name.date == nil)
        #expect(name.database == nil)
    }

    @Test(arguments: [
        "", ".sql", ".sql.gz", ".hidden.sql", "../x.sql", "a/b.sql", "/etc/x.sql", "a\\b.sql", "x.sql\n", "x\n.sql",
        "x\u{0}.sql", "x\u{7F}.sql", "x\u{85}.sql", "x\u{1B}[2J.sql", "x.txt", "x.sql.gz.txt", "x.SQL", "sql", "x.gz",
        "..", ".partial-manual_2026-01-31_04-05-06.sql.gz", "x.sql/", "x.sql.bz2",
        String(repeating: "a", count: 252) + ".sql", String(repeating: "ü", count: 126) + ".sql",
    ])
    func aNameThatBreaksARuleIsNone(text: String) {
        #expect(BackupName(text) == nil)
        #expect(throws: BackupFolderError.self) { try BackupFolder.name(text) }
    }

    @Test func theLongestNameIsAllowed() {
        #expect(BackupName(String(repeating: "a", count: 251) + ".sql") != nil)
    }

    @Test func aRefusedNameIsQuotedWithoutItsControlCharacters() {
        let error = BackupFolderError.invalidName("a\n\u{1B}[2Jb.sql")
        #expect(!error.message.contains("\n") && !error.message.contains("\u{1B}"))
        #expect(error.code == "INVALID_FILENAME")
    }

    @Test(arguments: BackupName.Kind.allCases.filter { $0 != .foreign })
    func aNameThatIsMadeIsReadBackAlike(kind: BackupName.Kind) throws {
        let date = try Date("2026-03-29T01:30:59Z", strategy: .iso8601)
        for database in ["sysndd_db", "a.b", "we/ird\\ \u{7}%41 ü", "-rf", "."] {
            let name = BackupName.make(kind, date: date, database: database)
            #expect(name.kind == kind)
            #expect(name.database == (kind == .scheduled ? database : nil))
            let lost = kind == .scheduled ? 59.0 : 0
            #expect(name.date == date - lost)
        }
    }

    @Test func namesOfOneSecondAreToldApart() throws {
        let date = try Date("2026-01-31T04:05:06Z", strategy: .iso8601)
        for (kind, expected) in [
            (
                BackupName.Kind.manual,
                ["manual_2026-01-31_04-05-06", "manual_2026-01-31_04-05-06_2", "manual_2026-01-31_04-05-06_3"]
            ),
            (.scheduled, ["202601310405.db", "202601310405_2.db", "202601310405_3.db"]),
        ] {
            var taken: Set<BackupName> = []
            for _ in 1...3 {
                let name = BackupName.make(kind, date: date, database: "db") { taken.contains($0) }
                taken.insert(name)
            }
            #expect(taken.map(\.text).sorted() == expected.map { $0 + ".sql.gz" }.sorted())
        }
    }

    @Test func theLinkToTheNewestHasItsOwnName() {
        #expect(BackupName.latestLink(of: "sysndd_db").text == "latest.sysndd_db.sql.gz")
        #expect(BackupName.latestLink(of: "a/b").text == "latest.a%2Fb.sql.gz")
        #expect(BackupName.latestLink(of: "x").isLatestLink)
        #expect(BackupName("manual_2026-01-31_04-05-06.sql.gz")?.isLatestLink == false)
    }
}
